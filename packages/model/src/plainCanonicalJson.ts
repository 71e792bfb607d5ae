const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Real values are never nested this deeply; the limit keeps a planted one from overflowing the reader's stack. */
const PLAIN_DEPTH_MAX = 200;

/** Whole numbers of up to this many digits have one canonical form. */
const PLAIN_DIGITS_MAX = 15;

/** The length of the longest canonical number: `-0.0000012345678901234567`. */
const SCALAR_LENGTH_MAX = 25;

/**
 * Whether the bytes of `json` from `start` to `end` are RFC 8785 text in UTF-8, decided without parsing. May be false for
 * canonical text too, such as strings with escapes or values nested hundreds deep: compare with `canonicalJson` of the value then.
 */
export function isPlainCanonicalJson(json: Uint8Array, start = 0, end = json.length): boolean {
  return endOfValue(json, start, end, 0) === end;
}

// Positions only grow, so a read beyond the end arrives beyond it, which never equals the end.

/** The end of the plain canonical value that begins at `at`, nested `depth` deep; -1 where there is none. */
function endOfValue(json: Uint8Array, at: number, end: number, depth: number): number {
  if (depth > PLAIN_DEPTH_MAX) return -1;
  switch (json[at]) {
    case QUOTE:
      return endOfString(json, at, end);
    case OPEN_BRACE:
      return endOfObject(json, at, end, depth);
    case OPEN_BRACKET:
      return endOfArray(json, at, end, depth);
    default:
      return endOfScalar(json, at, end);
  }
}

function endOfString(json: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at += 1) {
    const byte = json[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE || byte === BACKSLASH) return -1;
  }
  return -1;
}

function endOfObject(json: Uint8Array, start: number, end: number, depth: number): number {
  if (json[start + 1] === CLOSE_BRACE) return start + 2;
  let last = -1;
  for (let at = start + 1; ; at += 1) {
    if (json[at] !== QUOTE) return -1;
    const key = at;
    at = endOfString(json, at, end);
    // Keys are sorted and unique.
    if (at < 0 || json[at] !== COLON || (last >= 0 && !isKeyBefore(json, last, key))) return -1;
    last = key;
    at = endOfValue(json, at + 1, end, depth + 1);
    if (at < 0 || json[at] === CLOSE_BRACE) return at < 0 ? at : at + 1;
    if (json[at] !== COMMA) return -1;
  }
}

/** Whether the key whose opening quote is at `one` sorts before the one at `other`, by UTF-16 code unit. */
function isKeyBefore(json: Uint8Array, one: number, other: number): boolean {
  for (let at = 1; ; at += 1) {
    const [byte, otherByte] = [json[one + at] as number, json[other + at] as number];
    if (otherByte === QUOTE) return false;
    if (byte === QUOTE) return true;
    if (byte !== otherByte) return rankOf(byte) < rankOf(otherByte);
  }
}

/** A rank that sorts UTF-8 lead bytes like UTF-16: surrogate pairs (F0 and up) come before U+E000 and beyond (EE and EF). */
function rankOf(byte: number): number {
  return byte === 0xee || byte === 0xef ? byte + 0x10 : byte;
}

function endOfArray(json: Uint8Array, start: number, end: number, depth: number): number {
  if (json[start + 1] === CLOSE_BRACKET) return start + 2;
  for (let at = start + 1; ; at += 1) {
    at = endOfValue(json, at, end, depth + 1);
    if (at < 0 || json[at] === CLOSE_BRACKET) return at < 0 ? at : at + 1;
    if (json[at] !== COMMA) return -1;
  }
}

/** The end of a number, `true`, `false` or `null`: the next comma, bracket, or the end of the text. */
function endOfScalar(json: Uint8Array, start: number, end: number): number {
  let at = start;
  let isDigits = true;
  for (; at < end; at += 1) {
    const byte = json[at] as number;
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET) break;
    isDigits &&= byte >= ZERO && byte <= NINE;
  }
  const length = at - start;
  if (isDigits && length > 0 && length <= PLAIN_DIGITS_MAX) return json[start] === ZERO && length > 1 ? -1 : at;
  return length <= SCALAR_LENGTH_MAX && isScalar(String.fromCharCode(...json.subarray(start, at))) ? at : -1;
}

function isScalar(text: string): boolean {
  if (text === "true" || text === "false" || text === "null") return true;
  const number = Number(text);
  return Number.isFinite(number) && String(number) === text;
}
