/** The value of a JSON text that holds a list, an object or a string; any other text unchanged. */
export function jsonOr(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
