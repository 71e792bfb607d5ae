import { RE2JS, RE2JSException } from "re2js";
import { z } from "zod";
import { BUILT_IN_NAMES } from "./builtInPatterns.ts";

/**
 * Why a pattern is not valid RE2, or null. RE2 matches in linear time, so that no sender's text can
 * make a pattern run for ever; its syntax excludes what would break that (backreferences, lookahead).
 */
function whyUnusable(source: string): string | null {
  try {
    return RE2JS.compile(source).test("") ? "a pattern does not match the empty text" : null;
  } catch (error) {
    if (error instanceof RE2JSException) return `it is no regular expression as RE2 writes it: ${error.message}`;
    throw error;
  }
}

/** A pattern for text that must not be stored. `pattern` is case-sensitive unless it begins with `(?i)`; `name` replaces a match. */
const RedactionPattern = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9 _-]{0,39}$/, "a pattern's name has up to 40 lower-case letters, digits, spaces and hyphens"),
  pattern: z
    .string()
    .min(1)
    .max(500)
    .superRefine((source, context) => {
      const why = whyUnusable(source);
      if (why !== null) context.addIssue({ code: "custom", message: why });
    }),
});

const isUnique = (names: readonly string[]): boolean => new Set(names).size === names.length;

/**
 * The parts of a project's telemetry that are never stored. `builtIn` are names of `BUILT_IN_PATTERNS`. `attributes` are names
 * of attributes and of JSON members whose whole values are redacted; `*` stands for any characters, and case is ignored.
 */
export const RedactionRules = z.strictObject({
  builtIn: z.array(z.enum(BUILT_IN_NAMES)).refine(isUnique, "each pattern is named once").default([]),
  patterns: z
    .array(RedactionPattern)
    .max(50)
    .refine((patterns) => isUnique(patterns.map(({ name }) => name)), "each pattern has a name of its own")
    .default([]),
  attributes: z
    .array(z.string().min(1).max(200))
    .max(200)
    .refine((names) => names.every((name) => /[^*]/.test(name)), "a name is more than *")
    .default([]),
});
export type RedactionRules = z.infer<typeof RedactionRules>;

/** Whether the rules redact nothing. */
export function isEmptyRedaction({ builtIn, patterns, attributes }: RedactionRules): boolean {
  return builtIn.length === 0 && patterns.length === 0 && attributes.length === 0;
}
