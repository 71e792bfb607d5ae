/** `value` as JSON, or null where it is nested too deep to be one text. */
export function jsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
