/** Whether PostgreSQL cannot store a text, or UTF-8 cannot encode it: it holds a NUL character or an unpaired surrogate. */
function isUnstorable(text: string): boolean {
  return text.includes("\u0000") || !text.isWellFormed();
}

/** The deepest nesting of values in a request. No real request goes deeper, and code that reads it later recurses once per level. */
const DEPTH_MAX = 100;

/** The reason why a JSON value cannot be stored unchanged, with the `place` in it; null if it can. */
export function whyUnstorable(value: unknown, place: string, depth = 0): string | null {
  const unstorable = `${place} holds a NUL character or half a surrogate pair.`;
  if (typeof value === "string") return isUnstorable(value) ? unstorable : null;
  if (value === null || typeof value !== "object") return null;
  if (depth === DEPTH_MAX) return `The request holds values that are nested deeper than ${DEPTH_MAX} levels.`;
  for (const [key, member] of Object.entries(value)) {
    const why = isUnstorable(key) ? unstorable : whyUnstorable(member, `${place}.${key}`, depth + 1);
    if (why !== null) return why;
  }
  return null;
}
