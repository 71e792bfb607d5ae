/** A value in one line: of an object that is one text under a name, as LangSmith's inputs are, the text alone. */
export function lineText(value: unknown, charsMax = 300): string {
  const members = typeof value === "object" && value !== null ? Object.values(value) : [];
  const [only] = members;
  if (members.length === 1 && typeof only === "string") return only.slice(0, charsMax);
  return (typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value)).slice(0, charsMax);
}
