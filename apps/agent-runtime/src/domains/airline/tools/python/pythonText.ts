import { pythonNumber } from "./pythonNumber.ts";

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * A string as Python's `repr` writes it: single quotes, or double ones when
 * it holds a single quote and no double one; control characters escaped.
 */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped here
  const escaped = text.replace(/[\\\u0000-\u001f\u007f-\u00a0\u00ad]/g, (character) => {
    return ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function scalar(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  return "None";
}

/** A JSON value as Python's `repr` writes it. */
export function pythonRepr(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  if (typeof value !== "object" || value === null) return scalar(value);
  const members = Object.entries(value).map(([key, member]) => `${quoted(key)}: ${pythonRepr(member)}`);
  return `{${members.join(", ")}}`;
}

/** A JSON value as Python's `str` writes it, for example inside an error text: a string is left as it is. */
export function pythonStr(value: unknown): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

/** The text of a Python tuple of `parts`: a single part is followed by a comma. */
function pythonTuple(parts: readonly string[]): string {
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(", ")})`;
}

/** One `(key, value)` pair of an object that is written as a tuple; `value` is already text. */
export function pythonPair(key: string, value: string): string {
  return `(${quoted(key)}, ${value})`;
}

/**
 * The text of a JSON value as nested Python tuples: arrays are tuples, objects are tuples of pairs sorted by key. The same data gives the
 * same text whatever the order of its keys.
 */
export function pythonNestedTuples(value: unknown): string {
  if (Array.isArray(value)) return pythonTuple(value.map(pythonNestedTuples));
  if (typeof value !== "object" || value === null) return scalar(value);
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return pythonTuple(sorted.map(([key, member]) => pythonPair(key, pythonNestedTuples(member))));
}
