/**
 * A decoded record as JSON: times as decimal text, attributes as an object. Empty if it is too long or nested too deeply to be serialised.
 */
export function recordText(record: unknown): string {
  try {
    return JSON.stringify(record, (_key, value: unknown) => {
      if (typeof value === "bigint") return String(value);
      return value instanceof Map ? Object.fromEntries(value) : value;
    });
  } catch {
    return "";
  }
}
