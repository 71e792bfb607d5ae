import { MalformedBody, requireAtMost, VALUES_MAX } from "./malformedBody.ts";

/** A JSON object of a body, before any of its fields is trusted. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Below this size a body cannot hold `VALUES_MAX` values, so that it need not be counted. */
const COUNTED_FROM_BYTES = 2 * VALUES_MAX;

/**
 * What may be a number that a double does not hold exactly: digits that no quote stands before,
 * as it does before the times of most senders. Keeping all digits takes several times as long.
 */
const LONG_INTEGER = /[\s:[,]-?\d{16}/;

/** The object that is a body's text. Integers too long for a double come as text. Throws `MalformedBody`. */
export function parseJson(body: Buffer): JsonObject {
  requireFewValues([body]);
  const parsed = parseJsonValue(body);
  if (!isJsonObject(parsed)) throw new MalformedBody("the body is no JSON object");
  return parsed;
}

/** The objects of a body that is one JSON list of at most `max` of them, or one JSON text per line. Throws `MalformedBody`. */
export function parseJsonObjects(body: Buffer, max: number): JsonObject[] {
  requireFewValues([body]);
  const isList = /^\s*\[/.test(body.toString("latin1", 0, SPACE_BYTES_MAX));
  const parsed = isList ? (parseJsonValue(body) as unknown[]) : linesOf(body, max).map(parseJsonValue);
  requireAtMost(parsed.length, max, "items in one request");
  if (!parsed.every(isJsonObject)) throw new MalformedBody("the body is neither a JSON list of objects nor one object per line");
  return parsed;
}

/** How much space may stand before the list. */
const SPACE_BYTES_MAX = 100;

/** Looking for the end of every empty line of a body of millions would take seconds: what stands between lines is passed over first. */
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

/** Throws `MalformedBody` where the texts of one request hold more objects and lists than it may have. */
export function requireFewValues(texts: readonly Buffer[]): void {
  const total = (count: (text: Buffer) => number) => texts.reduce((sum, text) => sum + count(text), 0);
  if (total(({ length }) => length) > COUNTED_FROM_BYTES && total(countOpenings) > VALUES_MAX && total(countValues) > VALUES_MAX)
    throw new MalformedBody(`more than ${VALUES_MAX} objects and lists in one request`, "too_large");
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whatever a JSON text says. Integers too long for a double come as text. Throws `MalformedBody`. */
export function parseJsonValue(body: Buffer): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    // What is no JSON is found out first: looking for long integers goes over all of it again.
    const value: unknown = JSON.parse(text);
    return LONG_INTEGER.test(text) ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown) : value;
  } catch (error) {
    throw new MalformedBody(`the body is no JSON: ${(error as Error).message}`);
  }
}

/**
 * A reviver: ECMAScript hands it a number's own text, which still has all digits. (TypeScript's library does not know the third argument
 * yet.)
 */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) ? (context?.source ?? value) : value;
}

/**
 * How many brackets open anything in a text, within strings too: no fewer than the values, and, where there are few, found many times as
 * fast as by looking at every byte. Where they lie close together they are not counted, but taken for any number.
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

/** Looking for the next bracket costs about as much as looking at so many bytes; of how many brackets on it is known how they lie. */
const DENSE_BYTES = 64;
const DENSE_FROM = 1_000;

const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * How many objects and lists a JSON text opens, without building any of them. Brackets within strings do not count. Counts no further than
 * it matters.
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

/** Where the string ends that begins at `from`: at its closing quote, or the end of the body. */
function endOfString(body: Buffer, from: number): number {
  let at = from;
  for (; at < body.length && body[at] !== QUOTE; at += 1) if (body[at] === BACKSLASH) at += 1;
  return at;
}
