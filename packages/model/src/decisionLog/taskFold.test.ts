import { expect, test } from "vitest";
import { type Decision, type DecisionKind, EMPTY_CHAIN, sealDecision } from "../tasks/decision.ts";
import { type FoldedTask, foldDecision, NO_TASK, projectionFaults } from "./taskFold.ts";

/** Folds decisions, each given as its kind, its choice, and its attempt. */
function folded(...decided: readonly [DecisionKind, string, number][]): FoldedTask {
  let task = NO_TASK;
  for (const [kind, chosen, attempt] of decided) {
    const facts = { project: "p", taskId: "t", time: "2026-01-02T03:04:05.678Z", traceId: "x", spanId: null, confidence: null, detail: {} };
    const decision: Decision = sealDecision(task.head ?? EMPTY_CHAIN, {
      ...facts,
      kind,
      chosen,
      attempt,
      reason: `why ${chosen}`,
      actor: { service: "s", version: "1" },
    });
    task = foldDecision(task, decision);
  }
  return task;
}

test("a task is open until it stops, is given up, or is run again", () => {
  expect(folded(["routed", "rules", 1])).toMatchObject({ phase: "open", run: 1, attempts: 0, head: { seq: 0 } });
  expect(folded(["routed", "rules", 1], ["planned", "reply", 1], ["planned", "stop", 1])).toMatchObject({
    phase: "done",
    attempts: 1,
    error: null,
  });
  const dead: [DecisionKind, string, number][] = [
    ["routed", "rules", 1],
    ["failed", "Error", 1],
    ["retried", "attempt 2", 1],
    ["dead_lettered", "not_retryable", 2],
  ];
  expect(folded(...dead)).toMatchObject({ phase: "dead", attempts: 2, error: "why not_retryable" });
  expect(folded(...dead, ["replayed", "again", 2])).toMatchObject({ phase: "open", run: 2, attempts: 2, error: null });
});

test("a row is off where it says less, or something else, than the decisions", () => {
  const task = folded(["routed", "rules", 1], ["planned", "stop", 2]);
  const row = { status: "done" as const, run: 1, attempts: 3, error: null, head: task.head };
  expect(projectionFaults(row, task)).toEqual([]);
  expect(projectionFaults({ ...row, attempts: 1, error: "x", head: EMPTY_CHAIN }, task)).toEqual(["attempts", "error", "head"]);
  expect(projectionFaults({ ...row, status: "running", run: 2, error: "of before" }, task)).toEqual(["status", "run"]);
});
