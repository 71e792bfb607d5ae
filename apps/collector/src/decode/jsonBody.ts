import { MalformedBody, requireAtMost, VALUES_MAX } from "./malformedBody.ts";

/** A JSON object of a body, with unchecked fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A body smaller than this cannot hold `VALUES_MAX` values, so they need not be counted. */
const COUNTED_FROM_BYTES = 2 * VALUES_MAX;

/**
 * Matches numbers that a double may not hold exactly: long runs of digits without a quote before them (most senders quote their times).
 * Preserving all digits makes parsing several times slower.
 */
const LONG_INTEGER = /[\s:[,]-?\d{16}/;

/** Parses a body as one JSON object. Integers too long for a double become text. Throws `MalformedBody`. */
export function parseJson(body: Buffer): JsonObject {
  requireFewValues([body]);
  const parsed = parseJsonValue(body);
  if (!isJsonObject(parsed)) throw new MalformedBody("the body is no JSON object");
  return parsed;
}

/** Parses a body that is either one JSON list of at most `max` objects, or one JSON object per line. Throws `MalformedBody`. */
export function parseJsonObjects(body: Buffer, max: number): JsonObject[] {
  requireFewValues([body]);
  const isList = /^\s*\[/.test(body.toString("latin1", 0, SPACE_BYTES_MAX));
  const parsed = isList ? (parseJsonValue(body) as unknown[]) : linesOf(body, max).map(parseJsonValue);
  requireAtMost(parsed.length, max, "items in one request");
  if (!parsed.every(isJsonObject)) throw new MalformedBody("the body is neither a JSON list of objects nor one object per line");
  return parsed;
}

/** How many bytes are searched for the list's opening bracket. */
const SPACE_BYTES_MAX = 100;

/** The non-empty lines of a body. Line breaks are skipped first: slicing each of millions of empty lines would take seconds. */
function linesOf(body: Buffer, max: number): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = afterLineEnds(body, 0); from < body.length; ) {
    const end = body.indexOf(NEWLINE, from);
    const line = body.subarray(from, end === -1 ? body.length : end);
    requireAtMost(lines.push(line), max, "items in one request");
    from = afterLineEnds(body, from + line.length);
  }
  return lines;
}

function afterLineEnds(body: Buffer, from: number): number {
  let at = from;
  while (at < body.length && (body[at] === NEWLINE || body[at] === RETURN)) at += 1;
  return at;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Throws `MalformedBody` if the texts of one request hold more objects and lists than allowed. */
export function requireFewValues(texts: readonly Buffer[]): void {
  const total = (count: (text: Buffer) => number) => texts.reduce((sum, text) => sum + count(text), 0);
  if (total(({ length }) => length) > COUNTED_FROM_BYTES && total(countOpenings) > VALUES_MAX && total(countValues) > VALUES_MAX)
    throw new MalformedBody(`more than ${VALUES_MAX} objects and lists in one request`, "too_large");
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses any JSON value. Integers too long for a double become text. Throws `MalformedBody`. */
export function parseJsonValue(body: Buffer): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    // Parse once without the reviver first: the search for long integers would scan a body that is not JSON for nothing.
    const value: unknown = JSON.parse(text);
    return LONG_INTEGER.test(text) ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) : value;
  } catch (error) {
    throw new MalformedBody(`the body is no JSON: ${(error as Error).message}`);
  }
}

/**
 * A JSON.parse reviver: ECMAScript passes it a number's source text, which still has all digits. (TypeScript's library does not know the
 * third argument yet.)
 */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;
}

/**
 * An upper bound on the opening brackets in a text, including those within strings: no fewer than its values, and, where they are few,
 * found many times as fast as by looking at every byte. Brackets that lie close together are not counted, but taken for more than any
 * limit.
 */
function countOpenings(body: Buffer): number {
  let total = 0;
  for (const opening of [BRACE, BRACKET]) {
    let count = 0;
    for (let at = body.indexOf(opening); at !== -1; at = body.indexOf(opening, at + 1)) {
      count += 1;
      if (count > DENSE_FROM && count * DENSE_BYTES > at) return Number.POSITIVE_INFINITY;
    }
    total += count;
  }
  return total;
}

/**
 * The search for the next bracket costs about as much as looking at this many bytes; below, the number of brackets after which their
 * density is known.
 */
const DENSE_BYTES = 64;
const DENSE_FROM = 1_000;

const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * Counts the objects and lists in a JSON text without building them. Brackets within strings do not count. Stops once the limit is
 * exceeded.
 */
function countValues(body: Buffer): number {
  let count = 0;
  for (let at = 0; at < body.length && count <= VALUES_MAX; at += 1) {
    const byte = body[at];
    if (byte === BRACE || byte === BRACKET) count += 1;
    else if (byte === QUOTE) at = endOfString(body, at + 1);
  }
  return count;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The end of the string that begins at `from`: its closing quote, or the end of the body. */
function endOfString(body: Buffer, from: number): number {
  let at = from;
  for (; at < body.length && body[at] !== QUOTE; at += 1) if (body[at] === BACKSLASH) at += 1;
  return at;
}
