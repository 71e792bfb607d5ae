import { expect, test } from "vitest";
import { anAnswer } from "../scorers/tryBuilders.ts";
import { SHOWN_BYTES_MAX, shown, shownAnswer } from "./shown.ts";

test("a short case is shown whole", () => {
  expect(shown({ input: "é", answer: { a: 1 } })).toEqual({ text: '{"answer":{"a":1},"input":"é"}', leftOutBytes: 0 });
});

test.each([
  ["a long text", "x".repeat(500_000)],
  ["a text of which each character is three bytes", "値".repeat(100_000)],
  ["a text that grows when it is quoted", '\u0000"'.repeat(60_000)],
  ["halves of characters", "😀".repeat(60_000)],
])("%s is cut in its middle to the limit in bytes, with a mark, and the input stays whole", (_, output) => {
  const input = `Where is my order?${" ".repeat(5_000)}`;
  const { text, leftOutBytes } = shown({ input, answer: output });
  const told = JSON.parse(text) as { input: string; answer: string };
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SHOWN_BYTES_MAX);
  expect(Buffer.byteLength(text)).toBeGreaterThan(SHOWN_BYTES_MAX * 0.95);
  expect(told.input).toBe(input);
  expect(told.answer).toMatch(/ \[… \d+ bytes are left out here …\] /);
  expect(leftOutBytes).toBeGreaterThan(50_000);
});

test("calls that are too many are cut, and what could not be read is told", () => {
  const toolCalls = Array.from({ length: 20_000 }, (_, index) => ({ name: "look", arguments: { index } }));
  const answer = { ...anAnswer({ output: "Done.", toolCalls }), leftOut: { what: "5 of the 9 steps are left out", bytes: 1_000 } };
  const { text, leftOutBytes } = shownAnswer("Hello", answer);
  expect(JSON.parse(text)).toMatchObject({ input: "Hello", answer: "Done.", left_out: "5 of the 9 steps are left out" });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SHOWN_BYTES_MAX);
  expect(leftOutBytes).toBeGreaterThan(500_000);
});
