/** `value` as JSON, or null if it is nested too deeply to be serialised. */
export function jsonText(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch {
    return null;
  }
}
