/** What a JSON text says where it is a list, an object or a text; any other text as it is. */
export function jsonOr(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
