import { expect, test } from "vitest";
import { killMoments } from "./killMoments.ts";
import { brokenPromises, countRuns, type RolloutRun } from "./rolloutFigures.ts";

const aRun = (run: Partial<RolloutRun>): RolloutRun => ({
  ...{ fault: "tool", seed: 1, ended: "rolledBack", grounds: "evidence", seconds: 60, exposed: 90 },
  ...{ forecast: { rolledBack: 1, promoted: 0, exposed: { median: 80, p90: 120 } }, kills: 3, isLogSame: true },
  ...run,
});
const EQUAL = aRun({ fault: "none", ended: "promoted", grounds: "passed" as RolloutRun["grounds"] });

test("rollbacks are counted by what was planted, promotions of equal versions alone", () => {
  const runs = [aRun({}), aRun({ seed: 2, ended: "promoted" }), EQUAL, aRun({ fault: "none" })];
  expect(countRuns(runs)).toEqual({ rolledBack: { tool: 1, none: 1 }, promoted: 1 });
});

test.each<[string, Partial<RolloutRun>]>([
  ["was promoted", { ended: "promoted" }],
  ["was held", { ended: "held", grounds: null }],
  ["was rolled back for its time alone", { grounds: "timeout" }],
  ["has a log that does not follow", { isLogSame: false }],
])("a worse version that %s breaks a promise", (_, run) => {
  expect(brokenPromises([aRun({}), EQUAL, aRun(run)])).toHaveLength(1);
});

test("the controller is killed twice before anything can be known and once after, at moments that the seed fixes", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const { afterStartMs, afterFirstBlockMs } = killMoments(seed, 30);
    const halfMs = 15_000;
    expect([afterStartMs[0] < halfMs, afterStartMs[1] >= halfMs, afterStartMs[1] < 2 * halfMs, afterFirstBlockMs >= 0]).toEqual([
      true,
      true,
      true,
      true,
    ]);
  }
  expect(killMoments(3, 30)).toEqual(killMoments(3, 30));
  expect(killMoments(3, 30)).not.toEqual(killMoments(4, 30));
});
