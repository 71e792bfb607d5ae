/** A question or answer as text: a text unchanged, nothing as the empty text, anything else as indented JSON. */
export function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value, null, 2);
}
