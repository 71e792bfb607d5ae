import type { Evaluation, Task } from "@signalbox/model";
import { expect, test } from "vitest";
import { type ComparedRun, compareRuns, isWholeAgreement } from "./compareRuns.ts";

const HASH = "a".repeat(64);

interface RunFacts {
  taskId?: number;
  trial?: number;
  recorded?: Partial<ComparedRun["recorded"]["recorded"]>;
  outputs?: string[];
  evaluation?: Partial<Evaluation>;
  task?: Partial<Task>;
}

function aRun({ taskId = 0, trial = 0, recorded = {}, outputs = ["{}"], evaluation = {}, task = {} }: RunFacts = {}): ComparedRun {
  const id = "00000000-0000-8000-8000-000000000000";
  const request = {
    name: "n",
    project: "default",
    domain: "airline",
    world: "w",
    message: "m",
    planner: { kind: "rules" },
    tags: [],
  } as const;
  return {
    recorded: {
      id,
      taskId,
      trial,
      request: { ...request, tags: [] },
      recorded: { reward: 1, toolOutputs: ["{}"], gtDataHash: HASH, ...recorded },
    },
    task: {
      id,
      project: "default",
      name: "n",
      status: "done",
      attempts: 1,
      traceId: "t",
      session: null,
      user: null,
      tags: [],
      version: null,
      variant: null,
      createdAt: "",
      finishedAt: "",
      result: { answers: [], toolCalls: outputs.map((output) => ({ name: "think", arguments: {}, output })), ended: true, steps: 1 },
      error: null,
      ...task,
    },
    evaluation: { taskId: id, reward: 1, dataMatches: true, outputsMatch: true, dataHash: HASH, ...evaluation },
  };
}

test("equal runs agree wholly", () => {
  const comparison = compareRuns([aRun({ trial: 0 }), aRun({ trial: 1 })]);
  expect(comparison).toMatchObject({
    trajectories: 2,
    toolOutputs: { matched: 2, total: 2 },
    rewards: { agreed: 2, total: 2 },
    dataHashes: { agreed: 2, total: 2 },
    passHatK: { 1: 1, 2: 1 },
    tasks: { done: 2, dead: 0 },
  });
  expect(isWholeAgreement(comparison)).toBe(true);
});

test("an output counts by its exact text and its place", () => {
  const comparison = compareRuns([aRun({ recorded: { toolOutputs: ['{"a": 1}', "b", "c"] }, outputs: ['{"a":1}', "b"] })]);
  expect(comparison.toolOutputs).toEqual({ matched: 1, total: 3 });
  expect(comparison.mismatches).toEqual([
    { taskId: 0, trial: 0, what: "toolOutput", index: 0, recorded: '{"a": 1}', ours: '{"a":1}' },
    { taskId: 0, trial: 0, what: "toolOutput", index: 2, recorded: "c", ours: null },
  ]);
});

test("a call that was never recorded is a difference, though every recorded output matched", () => {
  const comparison = compareRuns([aRun({ outputs: ["{}", "more"] })]);
  expect(comparison.toolOutputs).toEqual({ matched: 1, total: 1 });
  expect(isWholeAgreement(comparison)).toBe(false);
});

test("a reward that differs is told, and the figures are of our rewards", () => {
  const comparison = compareRuns([
    aRun({ recorded: { reward: 0 } }),
    aRun({ trial: 1, evaluation: { reward: 0 }, recorded: { reward: 0 } }),
  ]);
  expect(comparison.rewards).toEqual({ agreed: 1, total: 2 });
  expect(comparison.passHatK).toEqual({ 1: 0.5, 2: 0 });
});

test("data hashes are compared only where the recording has one", () => {
  const runs = [aRun({ recorded: { gtDataHash: null } }), aRun({ evaluation: { dataHash: "b".repeat(64) } }), aRun()];
  expect(compareRuns(runs).dataHashes).toEqual({ agreed: 1, total: 2 });
});

test("a task that died is a difference even where nothing was to match", () => {
  const run = aRun({
    recorded: { toolOutputs: [], reward: 0 },
    evaluation: { reward: 0 },
    task: { status: "dead", result: null, error: "out of attempts" },
  });
  const comparison = compareRuns([run]);
  expect(comparison.tasks).toEqual({ done: 0, dead: 1 });
  expect(comparison.mismatches).toEqual([{ taskId: 0, trial: 0, what: "dead", recorded: "ended", ours: "out of attempts" }]);
});

test("tells at most twenty differences and counts all", () => {
  const comparison = compareRuns(Array.from({ length: 30 }, (_, taskId) => aRun({ taskId, outputs: ["other"] })));
  expect(comparison.mismatches).toHaveLength(20);
  expect(comparison.toolOutputs).toEqual({ matched: 0, total: 30 });
});
