import { RE2JS, RE2JSException } from "re2js";
import { z } from "zod";
import { BUILT_IN_NAMES } from "./builtInPatterns.ts";

/**
 * RE2's syntax: it matches in time that grows with the text alone, so that no sender's text makes a pattern
 * take for ever, and what would make that impossible (referring back, looking ahead) cannot be written in it.
 */
function whyUnusable(source: string): string | null {
  try {
    return RE2JS.compile(source).test("") ? "a pattern does not match the empty text" : null;
  } catch (error) {
    if (error instanceof RE2JSException) return `it is no regular expression as RE2 writes it: ${error.message}`;
    throw error;
  }
}

/**
 * A piece of text that must not be stored: `pattern` minds the case of letters
 * unless it begins with `(?i)`; `name` says in its place what was there.
 */
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
 * What of a project's telemetry is never stored. `builtIn` are names of `BUILT_IN_PATTERNS`. `attributes` are names
 * whose values go whole, of attributes and of members of JSON; `*` stands for any characters, and case does not matter.
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

/** Whether nothing is redacted. */
export function isEmptyRedaction({ builtIn, patterns, attributes }: RedactionRules): boolean {
  return builtIn.length === 0 && patterns.length === 0 && attributes.length === 0;
}
