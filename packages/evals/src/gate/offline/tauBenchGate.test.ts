import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { anOfflinePolicy } from "./gateBuilders.ts";
import { judgeOffline } from "./judgeOffline.ts";
import type { GateRun } from "./offlineEvidence.ts";

const Trajectories = z.array(z.object({ task_id: z.number(), trial: z.number(), reward: z.number() }));

const testData = process.env.SIGNALBOX_TEST_DATA;

/** One recorded trial of the airline's fifty tasks. */
function recordedTrial(trial: number): GateRun {
  const text = readFileSync(join(testData ?? "", "tau-bench-airline", "trajectories-dev.json"), "utf8");
  const trajectories = Trajectories.parse(JSON.parse(text)).filter((trajectory) => trajectory.trial === trial);
  const trials = trajectories.map(({ task_id, reward }) => ({ item: String(task_id), scores: { reward } }));
  return { name: `trial ${trial}`, dataset: { name: "d@1", hash: null }, unitKey: null, trials };
}

/** The run with its first `count` successes turned into failures. */
function withFailures(run: GateRun, count: number): GateRun {
  let left = count;
  const trials = run.trials.map((trial) => (trial.scores.reward === 1 && left-- > 0 ? { ...trial, scores: { reward: 0 } } : trial));
  return { ...run, name: `${run.name} with ${count} failures more`, trials };
}

const firstItems = (run: GateRun, count: number): GateRun => ({ ...run, trials: run.trials.slice(0, count) });

describe.skipIf(testData === undefined)("recorded conversations of the airline (SIGNALBOX_TEST_DATA)", () => {
  const policy = anOfflinePolicy({ metrics: [{ name: "reward", kind: "binary", test: "mcnemar", nonInferiorityMargin: 0.05 }] });
  const [first, second] = testData === undefined ? [] : [recordedTrial(0), recordedTrial(1)];
  const judge = (baseline: GateRun | undefined, candidate: GateRun | undefined) =>
    judgeOffline(policy, candidate as GateRun, baseline as GateRun);
  const regressed = second && withFailures(second, 7);

  test("two trials of the same agent: not failed", () => {
    expect(judge(first, second).verdict).not.toBe("fail");
    expect(judge(second, first).verdict).not.toBe("fail");
  });

  test("a trial against itself with seven successes turned to failures: failed", () => {
    const { verdict, metrics, worsened } = judge(second, regressed);
    expect([verdict, worsened.length]).toEqual(["fail", 7]);
    expect(metrics[0]?.comparison?.pWorse).toBeCloseTo(1 / 128, 12);
  });

  test("the other trial against that: inconclusive, with what it could have detected", () => {
    const { verdict, reason, metrics } = judge(first, regressed);
    expect([verdict, reason]).toEqual(["inconclusive", expect.stringMatching(/a loss of 0\.\d+ would be found 80 % of the time/)]);
    expect(metrics[0]?.comparison?.minimumDetectable).toBeGreaterThan(0.12);
  });

  test("twelve items: inconclusive", () => {
    for (const candidate of [second, regressed]) {
      const { verdict, reason } = judge(second && firstItems(second, 12), candidate && firstItems(candidate, 12));
      expect([verdict, reason]).toEqual(["inconclusive", "The runs share 12 items, and the policy asks for 30."]);
    }
  });
});
