import { expect, test } from "vitest";
import type { Stage } from "../tasks/step.ts";
import { isSameStage } from "./sameStage.ts";

const calls = (callId: string, seat: string): Stage => ({
  ...{ kind: "move", input: {} },
  output: { kind: "tool", callId, call: { name: "book", arguments: { seat, reason: "window" } }, said: null, reason: callId },
});
const answered = (callId: string, replayed: boolean): Stage => ({
  ...{ kind: "tool", input: { callId, call: { name: "book", arguments: {} } } },
  output: { output: "{}", isError: false, endsEpisode: false, replayed },
});

test("live, two calls are the same under whatever ids they were made, and differ by what is called", () => {
  expect(isSameStage(calls("a", "1A"), calls("b", "1A"), { courses: false })).toBe(true);
  expect(isSameStage(calls("a", "1A"), calls("a", "1B"), { courses: false })).toBe(false);
});

test("recorded, how a step came about is compared too", () => {
  expect(isSameStage(calls("a", "1A"), calls("b", "1A"), { courses: true })).toBe(false);
  expect(isSameStage(calls("a", "1A"), calls("a", "1A"), { courses: true })).toBe(true);
});

test("an answer is the same whether the tool had done it already or not", () => {
  expect(isSameStage(answered("a", true), answered("a", false), { courses: true })).toBe(true);
});
