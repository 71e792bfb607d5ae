import { z } from "zod";

/**
 * What only a backtracking engine can match: looking around, and referring back. Without these, and without the flags `i` and `u`, V8 can match
 * a pattern in linear time (`--enable-experimental-regexp-engine-on-excessive-backtracks`), so that no sender's text makes it take for ever.
 * Repeats that are counted beyond 16 are the exception: it has no linear way for them.
 */
const BACKTRACKING_ONLY = /\(\?<?[=!]|\\[1-9]|\\k</;

/** A pattern's source without escaped backslashes, which would make `\\1` look like a reference back. */
const withoutEscapedBackslashes = (source: string): string => source.replaceAll("\\\\", "");

function whyUnusable(source: string): string | null {
  if (BACKTRACKING_ONLY.test(withoutEscapedBackslashes(source))) return "a pattern neither looks around nor refers back";
  try {
    return new RegExp(source, "g").test("") ? "a pattern does not match the empty text" : null;
  } catch {
    return "a pattern is a regular expression as JavaScript writes it";
  }
}

/** A piece of text that must not be stored: `pattern` is a regular expression that minds the case of letters; `name` says in its place what was there. */
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

/** What of a project's telemetry is never stored. `attributes` are names whose values go whole; `*` stands for any characters. */
export const RedactionRules = z.strictObject({
  patterns: z.array(RedactionPattern).max(50).default([]),
  attributes: z.array(z.string().min(1).max(200)).max(200).default([]),
});
export type RedactionRules = z.infer<typeof RedactionRules>;

/** What stands where something was taken out. */
const REDACTED = "[redacted]";

type Compiled = { patterns: readonly { name: string; regExp: RegExp }[]; attributes: RegExp | null };

/** Rules are compiled once: the same object is asked about every text of a project. */
const compiled = new WeakMap<RedactionRules, Compiled>();

function compile(rules: RedactionRules): Compiled {
  const known = compiled.get(rules);
  if (known !== undefined) return known;
  const names = rules.attributes.map((name) => name.replace(/[\\^$.+?()[\]{}|]/g, "\\$&").replaceAll("*", ".*"));
  const fresh = {
    patterns: rules.patterns.map(({ name, pattern }) => ({ name, regExp: new RegExp(pattern, "g") })),
    attributes: names.length === 0 ? null : new RegExp(`^(?:${names.join("|")})$`, "s"),
  };
  compiled.set(rules, fresh);
  return fresh;
}

/** `text` with `[redacted: name]` in the place of everything that a pattern matches. The patterns work one after the other, in their order. */
export function redact(text: string, rules: RedactionRules): string {
  return compile(rules).patterns.reduce((left, { name, regExp }) => left.replace(regExp, `[redacted: ${name}]`), text);
}

/** The value that is stored of an attribute: `[redacted]` if its name is among the rules, else the value with its texts redacted, however deep they are. */
export function redactAttribute(name: string, value: unknown, rules: RedactionRules): unknown {
  return compile(rules).attributes?.test(name) === true ? REDACTED : redactTexts(value, rules);
}

function redactTexts(value: unknown, rules: RedactionRules): unknown {
  if (typeof value === "string") return redact(value, rules);
  if (Array.isArray(value)) return value.map((item) => redactTexts(item, rules));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactAttribute(key, item, rules)]));
}
