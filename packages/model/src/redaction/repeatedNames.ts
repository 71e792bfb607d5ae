/** Whether an object in a JSON text repeats a name: `JSON.parse` then dropped a member, and the text holds more than `parsed`. */
export function hasRepeatedNames(text: string, parsed: unknown): boolean {
  return namesIn(text) !== membersOf(parsed);
}

/** Counts the names in a JSON text: strings followed by a colon. */
function namesIn(text: string): number {
  let names = 0;
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = endOfText(text, start + 1);
    let next = end;
    while (SPACES.has(text.charAt(next))) next += 1;
    if (text[next] === ":") names += 1;
    start = text.indexOf('"', end);
  }
  return names;
}

const SPACES = new Set([" ", "\t", "\r", "\n"]);

/** The end of the JSON string whose first character is at `from`: after its closing quote, or the end of the text. */
export function endOfText(text: string, from: number): number {
  let end = from;
  for (;;) {
    const quote = text.indexOf('"', end);
    if (quote === -1) return text.length;
    let escapes = 0;
    while (quote - escapes > from && text[quote - escapes - 1] === "\\") escapes += 1;
    if (escapes % 2 === 0) return quote + 1;
    end = quote + 1;
  }
}

function membersOf(value: unknown): number {
  if (value === null || typeof value !== "object" || JSON.isRawJSON(value)) return 0;
  const values = Object.values(value);
  return values.reduce<number>((members, item) => members + membersOf(item), Array.isArray(value) ? 0 : values.length);
}
