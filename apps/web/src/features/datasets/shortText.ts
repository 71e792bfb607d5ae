const SHOWN_CHARS_MAX = 300;

/** A value as one line of a table. */
export function shortText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return (typeof value === "string" ? value : JSON.stringify(value)).slice(0, SHOWN_CHARS_MAX);
}
