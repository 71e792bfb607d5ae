/** A value as JSON: a text is parsed, anything else stays. Undefined for a text that is not JSON, and for nothing. */
export function jsonIn(value: unknown): unknown {
  if (typeof value !== "string") return value ?? undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
