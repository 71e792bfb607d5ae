import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeOffline, type OfflineVerdict } from "@signalbox/evals";
import { GatePolicy, type OfflinePolicy, type ReplayChange, ReplayPlan } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRunFile } from "../gate/runs/runFile.ts";
import { countChanges, type ReplayedTask, type ReplayTotals } from "./replayMany.ts";
import { gateRunOf, requireWritable, writeReplayResults } from "./replayResults.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-replay-results-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const POLICY = GatePolicy.parse({
  apiVersion: "gates/v1",
  kind: "GatePolicy",
  metadata: { name: "replays" },
  spec: {
    offline: {
      dataset: "replays",
      metrics: [
        { name: "success", kind: "binary", nonInferiorityMargin: 0.05 },
        { name: "outcome_worse", kind: "binary", direction: "decrease", maxAbsolute: 0.02 },
      ],
    },
  },
}).spec.offline as OfflinePolicy;

const SUCCEEDED: Record<ReplayChange, ReplayedTask["succeeded"]> = {
  same: { recorded: true, replayed: true },
  fixed: { recorded: false, replayed: true },
  worse: { recorded: true, replayed: false },
  other: { recorded: false, replayed: false },
  unknown: { recorded: true, replayed: null },
};

/** Totals with the given number of replays for each change, and of failed ones. */
function totalsOf(counts: Partial<Record<ReplayChange | "failed", number>>): ReplayTotals {
  const { failed: failedCount = 0, ...changes } = counts;
  const tasks = Object.entries(changes).flatMap(([change, count]) =>
    Array.from({ length: count }, (_, index): ReplayedTask => {
      const is = change as ReplayChange;
      const taskId = `${is}-${index}`;
      return {
        ...{ taskId, name: taskId, traceId: "a".repeat(32), outcome: "diverged", outcomeChanged: is !== "same", divergence: null },
        ...{ change: is, succeeded: SUCCEEDED[is] },
      };
    }),
  );
  const failed = Array.from({ length: failedCount }, (_, index) => ({ taskId: `failed-${index}`, code: "conflict", message: "no" }));
  return {
    ...{ replayed: tasks.length, identical: 0, diverged: tasks.length, outcomeChanged: 0, stopped: 0, changes: countChanges(tasks) },
    ...{ executed: {}, hashes: null, askedCostUsd: 0, askedTokens: 0, tasks, failed },
  };
}

async function judged(counts: Parameters<typeof totalsOf>[0]): Promise<OfflineVerdict> {
  const plan = ReplayPlan.parse({ against: "0.2.0" });
  const paths = { replayed: join(folder, "replayed.jsonl"), recorded: join(folder, "recorded.jsonl") };
  await writeReplayResults(paths, totalsOf(counts), { selection: "9f31c2d4a0b17e55", plan });
  const [candidate, baseline] = [await readRunFile(paths.replayed, POLICY), await readRunFile(paths.recorded, POLICY)];
  expect(candidate).toMatchObject({ agent: "agent@0.2.0", run: { dataset: { name: "replays@9f31c2d4a0b17e55" } } });
  return judgeOffline(POLICY, candidate.run, baseline.run);
}

test("a gate passes a version with which what succeeded succeeds again, and more", async () => {
  expect(await judged({ same: 190, fixed: 10 })).toMatchObject({ verdict: "pass", items: { shared: 200 } });
});

test("it fails one with which more gets worse than the policy's limit, and names the tasks", async () => {
  const { verdict, metrics, worsened } = await judged({ same: 170, worse: 30 });
  expect(verdict).toBe("fail");
  expect(metrics.map((metric) => metric.verdict)).toEqual(["fail", "fail"]);
  expect(worsened.map(({ item }) => item)).toContain("worse-0");
});

test("whether a replay is identical is known of all that were replayed, also where nobody can judge how it ends", () => {
  const { results } = gateRunOf(totalsOf({ unknown: 1, failed: 1 }), { selection: "s", plan: ReplayPlan.parse({}) }, "replayed");
  const scored = results.map(({ item, scores }) => [item, scores.filter(({ isFailure }) => !isFailure)]);
  expect(scored).toEqual([
    ["failed-0", []],
    ["unknown-0", [{ name: "identical", value: 0, passed: false }]],
  ]);
});

test.each([
  [{ model: "gpt-4o" }, "model=gpt-4o"],
  [{ prompt: { text: "Be brief." } }, "prompt=a text"],
  [{ tools: { get_user_details: [{ output: "nobody" }] } }, "tool.get_user_details"],
])("a replay with %o is not the version's own: its run says so and names no agent", (settings, said) => {
  const plan = ReplayPlan.parse({ mode: "live", against: "0.2.0", ...settings });
  const headOf = (side: "replayed" | "recorded") => gateRunOf(totalsOf({ same: 1 }), { selection: "s", plan }, side).head;
  expect(headOf("replayed")).toMatchObject({ agent: null, set: [said] });
  expect(headOf("recorded")).not.toHaveProperty("set");
});

test.each([["unknown"], ["failed"]])("it decides nothing where a replay is %s", async (left) => {
  expect(await judged({ same: 199, [left]: 1 })).toMatchObject({ verdict: "inconclusive" });
});

test("where results could not be written is refused before anything is replayed", async () => {
  const file = (...parts: string[]) => join(folder, ...parts);
  await requireWritable({});
  await requireWritable({ replayed: file("a.jsonl"), recorded: file("b.jsonl") });
  const refused = (message: string) => expect.objectContaining({ code: "invalid_input", message: expect.stringContaining(message) });
  await expect(requireWritable({ replayed: file("a.jsonl"), recorded: `${folder}/./a.jsonl` })).rejects.toThrow(refused("the same file"));
  await expect(requireWritable({ recorded: file("nowhere", "a.jsonl") })).rejects.toThrow(refused("cannot be written"));
  await expect(requireWritable({ replayed: folder })).rejects.toThrow(refused("is a folder"));
});
