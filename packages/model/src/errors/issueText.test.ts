import { expect, test } from "vitest";
import { z } from "zod";
import { issuesText, issueText } from "./issueText.ts";

/** The text of the issues that a schema raises for a value. */
function said(schema: z.ZodType, value: unknown): string {
  const parsed = schema.safeParse(value);
  return parsed.success ? "nothing" : issuesText(parsed.error);
}

const KINDS = z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") }), z.object({ kind: z.literal("b") })]);

test.each<[z.ZodType, unknown, string]>([
  [z.object({ name: z.string() }), {}, "name: it is missing"],
  [z.int(), 2.5, "it has to be a whole number"],
  [z.uuid(), "x", "it has to be an id (a UUID)"],
  [z.uuid("it is the id of a rollout"), "x", "it is the id of a rollout"],
  [z.url(), "x", "it has to be a URL"],
  [z.enum(["up", "down", "off"]), "x", 'it has to be "up", "down" or "off"'],
  [KINDS, { kind: "c" }, 'kind: it has to be "a" or "b"'],
  [z.strictObject({}), { colour: 1 }, 'there is no "colour" here'],
  [z.string().min(1), "", "it has to have at least 1 character"],
  [z.array(z.string()).max(2), ["", "", ""], "it has to have at most 2 items"],
  [z.number().min(3), 2, "it has to be at least 3"],
  [z.number().positive(), 0, "it has to be more than 0"],
  [z.union([z.string(), z.number()]), true, "it has to be a text, or it has to be a number"],
  [z.string().regex(/^a/), "b", "it has to be written like /^a/"],
  [z.record(z.string().startsWith("a"), z.number()), { b: 1 }, 'b: its name cannot be that: it has to begin with "a"'],
])("what a schema refuses is said in plain words (%#)", (schema, value, words) => {
  expect(said(schema, value)).toBe(words);
});

test("no words of the library are left, and what is too much to read at once is counted", () => {
  const schema = z.object(Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`m${index}`, z.number()])));
  expect(said(schema, {})).toMatch(/^m0: it is missing; .*m4: it is missing; and 2 more$/);
  expect(issueText({ code: "custom", message: "Invalid input", path: [], input: 1 })).toBe("it cannot be that");
});
