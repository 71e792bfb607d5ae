/** Whether an object in a text of JSON has a name twice: then `JSON.parse` dropped a member, and the text says more than `parsed` does. */
export function hasRepeatedNames(text: string, parsed: unknown): boolean {
  return namesIn(text) !== membersOf(parsed);
}

/** A name is a text with a colon behind it. */
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

/** Where a text of JSON ends whose first character is at `from`: behind its quote, or at the end of all. */
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
