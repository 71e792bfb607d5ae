import type { Step, Understanding } from "@signalbox/model";
import { expect, test } from "vitest";
import { routeOf } from "./routeOf.ts";

const CLEAR: Understanding = { intent: "book_flight", confidence: 0.9, abstained: false, slots: {} };
const UNCLEAR: Understanding = { ...CLEAR, confidence: 0.2, abstained: true };
const RULES = { kind: "rules" as const };

function aStep(stage: Step["stage"]): Step {
  return { step: 1, attempt: 1, startedUs: 0, finishedUs: 1, stage, modelUse: null };
}

test("a message that was not understood goes where the policy says, with a reason", () => {
  expect(routeOf("llm", RULES, UNCLEAR, [])).toEqual({
    planner: "llm",
    reason: expect.stringMatching(/not clear.*book_flight, 0.2.*model/),
  });
  expect(routeOf("person", RULES, UNCLEAR, [])).toMatchObject({ planner: "person" });
});

test("a message that asks for several things is more than one plan", () => {
  const several = { ...CLEAR, alsoWants: ["cancel_reservation"] };
  expect(routeOf("llm", RULES, several, [])?.reason).toContain("several things: book_flight, cancel_reservation");
});

test("a clear message stays with the rules; under the policy to refuse, every message does", () => {
  expect(routeOf("llm", RULES, CLEAR, [])).toBeNull();
  expect(routeOf("refuse", RULES, UNCLEAR, [])).toBeNull();
});

test("a task that names its planner gets it", () => {
  expect(routeOf("person", { kind: "llm" }, UNCLEAR, [])).toBeNull();
});

test("a task that has begun keeps its route", () => {
  const routed = aStep({ kind: "route", input: {}, output: { planner: "llm", reason: "" } });
  const moved = aStep({ kind: "move", input: {}, output: { kind: "reply", content: "", reason: "" } });
  for (const step of [routed, moved]) expect(routeOf("person", RULES, UNCLEAR, [step])).toBeNull();
});
