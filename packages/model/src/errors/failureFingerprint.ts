import { sha256 } from "../sha256.ts";

/** Longer messages are compared by their beginning only, both before and after normalising. */
const READ_CHARACTERS_MAX = 2_000;
const KEPT_CHARACTERS_MAX = 500;

const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";

/**
 * Patterns for what varies between failures of one kind, applied in order; a match becomes `#`. Everything with a digit in it counts,
 * since it is a number, an id, a time, an address or a version; so do ids that happen to have no digit, as far as their letters tell.
 */
const VARYING: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>]+/giu,
  // Quoted values. An apostrophe inside a word neither opens nor closes a quotation.
  /"(?:[^"\\]|\\.)*(?:"|$)/gsu,
  /`[^`]*(?:`|$)/gu,
  /[“„«][^”“»]*(?:[”“»]|$)/gu,
  /(?<![\p{L}\p{N}_])'(?:[^\\']|\\.|'(?=[\p{L}\p{N}_]))*(?:'|$)/gsu,
  /(?<![\w.+-])[\w.+-]+@[\w.-]+/gu,
  // The value of a key, as in `user=ann`.
  /(?<==)[^\s=,;)\]}]+/gu,
  /(?<![\p{L}\p{N}_./])~?(?:\/[\w.@+~-]+){2,}\/?/gu,
  /\b[a-z]:\\\S+/giu,
  new RegExp(`\\b(?:${MONTH}(?= *\\d)|(?<=\\d[ -])${MONTH})`, "giu"),
  // A match begins only at the start of its signs or of its word: starting at each of their characters would take quadratic time.
  /(?:(?<![-+$€£])[-+$€£]+|(?<![-+$€£\p{L}\p{N}_]))[\p{L}\p{N}_]*(?:[-.:+_](?=[\p{L}\p{N}]))?\p{N}[\p{L}\p{N}_]*(?:[-.:,+_%]+(?=[\p{L}\p{N}])[\p{L}\p{N}_]+)*/gu,
  /\b[0-9a-f]{7,}\b/giu,
  /\b[A-Z]{20,}\b/gu,
];

/** The surroundings of a value that vary with it: its unit, time zone, weekday, or further values. */
const AROUND: readonly [RegExp, string][] = [
  [/\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? (?=#)/giu, ""],
  [/# ?(?:[nµu]?s|ms|sec(?:ond)?s?|m|min(?:ute)?s?|h|hours?|d|days?|[kmg]i?b|bytes?|%|am|pm|utc|gmt|z)(?![\p{L}\p{N}_])/giu, "#"],
  [/#(?:(?:[\s,;:./|+&@~-]|\band\b|\bor\b)*#)+/giu, "#"],
  // `1 attempt` and `2 attempts` become the same.
  [/# ([a-z]+?)s\b/giu, "# $1"],
];

/** Objects as JSON or as Node prints them, innermost first. */
const OBJECT = /\{[^{}]*\}/gu;
const NESTING_MAX = 8;

/** A message without the parts that vary between failures of one kind: ids, times, numbers, quoted values, hex, addresses. */
export function normaliseMessage(message: string): string {
  let kept = message.slice(0, READ_CHARACTERS_MAX).replace(/\s+/gu, " ").trim();
  for (const pattern of VARYING) kept = kept.replace(pattern, "#");
  for (let depth = 0; depth < NESTING_MAX && OBJECT.test(kept); depth += 1) kept = kept.replace(OBJECT, "#");
  for (const [pattern, replacement] of AROUND) kept = kept.replace(pattern, replacement);
  return kept.slice(0, KEPT_CHARACTERS_MAX);
}

/** Where and how something failed. `frame` is as in an `ErrorReport`. */
export type FailurePlace = { service: string; tool: string | null; errorClass: string; message: string; frame: string | null };

/**
 * 16 hex digits shared by failures of one kind: from the service, the tool,
 * the class, the normalised message, and the frame without its line number.
 */
export function fingerprintOfFailure({ service, tool, errorClass, message, frame }: FailurePlace): string {
  const kind = [service, tool, errorClass, normaliseMessage(message), frame?.replace(/:\d+\)$/u, ")") ?? null];
  return sha256(JSON.stringify(kind)).slice(0, 16);
}
