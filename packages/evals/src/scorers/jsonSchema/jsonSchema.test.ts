import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { jsonSchema } from "./jsonSchema.ts";

const schema = { type: "object", required: ["city"], properties: { city: { type: "string" } } };
const judge = (output: unknown) => jsonSchema.make({ schema })(anItem(), anAnswer({ output }));

test("an object, or its text, that the schema accepts passes", () => {
  expect(judge({ city: "Oslo" })).toMatchObject({ passed: true });
  expect(judge('{"city":"Oslo"}')).toMatchObject({ passed: true });
});

test("what is wrong is named by its place", () => {
  expect(judge({ city: 1 })).toMatchObject({ passed: false, explanation: "/city must be string" });
  expect(judge("Oslo")).toMatchObject({ passed: false, explanation: 'no JSON: "Oslo"' });
});

test("a schema that is none is refused at once", () => {
  expect(() => jsonSchema.make({ schema: { type: "text" } })).toThrow("no JSON schema");
});

test("a schema's pattern takes no longer for a text that was made for it, and one that could is refused", () => {
  const schema = {
    type: "object",
    properties: { a: { pattern: String.raw`^(\w+\s?)*$` } },
    patternProperties: { "^n": { type: "number" } },
  };
  const score = jsonSchema.make({ schema });
  expect(score(anItem(), anAnswer({ output: { a: `${"a".repeat(50_000)}!` } }))).toMatchObject({ passed: false });
  expect(score(anItem(), anAnswer({ output: { a: "a b", n1: "x" } }))).toMatchObject({ explanation: "/n1 must be number" });
  expect(() => jsonSchema.make({ schema: { pattern: "(?!a)" } })).toThrow("The pattern of the scorer json_schema");
});
