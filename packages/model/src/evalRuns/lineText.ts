/**
 * A value on one line. An object with a single text member, as LangSmith's
 * inputs often are, is shown as that text alone. Cut to `charsMax` characters.
 */
export function lineText(value: unknown, charsMax = 300): string {
  const members = typeof value === "object" && value !== null ? Object.values(value) : [];
  const [only] = members;
  if (members.length === 1 && typeof only === "string") return only.slice(0, charsMax);
  return (typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value)).slice(0, charsMax);
}
