import { AppError } from "@signalbox/model";
import { RE2JS, RE2JSException } from "re2js";
import { z } from "zod";

/** Longer than any pattern that people write. */
const PATTERN_CHARS_MAX = 2_000;

/** A pattern in the syntax of RE2 (github.com/google/re2/wiki/Syntax), up to 2,000 UTF-16 units. */
export const PatternSource = z.string().min(1).max(PATTERN_CHARS_MAX);

/** Flags as in JavaScript. `g`, `u` and `y` have no effect: texts are searched from the start, code point by code point. */
export const PatternFlags = z.string().regex(/^[gimsuy]*$/, "flags are of g, i, m, s, u and y");

const RE2_FLAGS = { i: RE2JS.CASE_INSENSITIVE, m: RE2JS.MULTILINE, s: RE2JS.DOTALL } as const;

/** A compiled regular expression: whether it matches anywhere in a text. As text it is `/pattern/flags`. */
export interface Pattern {
  test(text: string): boolean;
  toString(): string;
}

/**
 * A regular expression of a scorer's options, by RE2: it takes linear time, whoever wrote the text (ADR
 * 009). Throws `invalid_input` where it is invalid, and for features that RE2 cannot offer in that time.
 */
export function compilePattern(scorer: string, pattern: string, flags: string): Pattern {
  try {
    const bits = Object.entries(RE2_FLAGS).reduce((sum, [flag, bit]) => (flags.includes(flag) ? sum | bit : sum), 0);
    const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern), bits);
    return { test: (text) => compiled.test(text), toString: () => `/${pattern}/${flags.replaceAll(/[gy]/g, "")}` };
  } catch (cause) {
    if (!(cause instanceof RE2JSException)) throw cause;
    throw new AppError("invalid_input", `The pattern of the scorer ${scorer} is no regular expression as RE2 writes it: ${cause.message}`, {
      cause,
      hint: "It matches in time that grows with the text alone, so that it cannot look ahead or behind, or refer back.",
    });
  }
}
