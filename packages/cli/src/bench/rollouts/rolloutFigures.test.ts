import { expect, test } from "vitest";
import { changedText } from "./killController.ts";
import { killMoments } from "./killMoments.ts";
import { countedFigures } from "./measureVersion.ts";
import { type RolloutRun, summarise } from "./rolloutFigures.ts";

const aRun = (run: Partial<RolloutRun>): RolloutRun => ({
  ...{ fault: "tool", seed: 1, ended: "rolledBack", grounds: "evidence", seconds: 60, exposed: 90, seen: [] },
  ...{
    forecast: { rolledBack: 1, promoted: 0, exposed: { median: 80, p90: 120 }, means: [] },
    kills: 3,
    sameAfterKills: 3,
    isLogSame: true,
  },
  ...run,
});
const EQUAL = aRun({ fault: "none", ended: "promoted", grounds: "shown_safe" });

test("rollouts are summed up by what was planted, with medians", () => {
  const runs = [
    aRun({ exposed: 10 }),
    aRun({ seed: 2, exposed: 30, seconds: 80 }),
    aRun({ seed: 3, exposed: 20, sameAfterKills: 2 }),
    EQUAL,
  ];
  expect(summarise(runs).summary).toEqual([
    {
      ...{ fault: "tool", rollouts: 3, rolledBack: 3, promoted: 0, held: 0, exposedMedian: 20, secondsMedian: 60 },
      ...{ forecastMedian: 80, forecastP90: 120, kills: 9, sameAfterKills: 8, logsSame: 3 },
    },
    expect.objectContaining({ fault: "none", rollouts: 1, promoted: 1 }),
  ]);
});

test.each<[string, Partial<RolloutRun>]>([
  ["was promoted", { ended: "promoted" }],
  ["was held", { ended: "held", grounds: null }],
  ["was rolled back for its time alone", { grounds: "timeout" }],
  ["has a log that does not follow", { isLogSame: false }],
  ["has a log that was another after a kill", { sameAfterKills: 2 }],
  ["met too few kills", { kills: 2, sameAfterKills: 2 }],
])("a worse version that %s breaks a promise", (_, run) => {
  expect(summarise([aRun({}), EQUAL, aRun(run)]).broken).toHaveLength(1);
});

test("of twenty equal versions, one may fail to be promoted, but not two", () => {
  const promoted = (count: number) => Array.from({ length: 20 }, (_, seed) => (seed < count ? EQUAL : aRun({ fault: "none" })));
  expect(summarise(promoted(19)).broken).toEqual([]);
  expect(summarise(promoted(18)).broken).toEqual(["Of 20 equal versions 18 were promoted: 1 may be lost."]);
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

test("a log may grow over a restart; an entry that is another, or gone, is named", () => {
  const entries = [
    { number: 0, reason: "a" },
    { number: 1, reason: "b" },
  ] as unknown as Parameters<typeof changedText>[0];
  expect(changedText(entries.slice(0, 1), entries)).toBeNull();
  expect(changedText(entries, entries.slice(0, 1))).toContain("Entry 1 is not the same");
  expect(changedText(entries.slice(0, 1), entries.slice(1))).toContain("Entry 0 is not the same");
});

test("a version is measured as a gate counts: what is known too late or dead in time is a failure", () => {
  const aTask = (id: string, tookMs: number, status: "done" | "dead" = "done") => {
    const [createdAt, finishedAt] = [0, tookMs].map((ms) => new Date(1_764_230_400_000 + ms).toISOString()) as [string, string];
    return { id, status, createdAt, finishedAt };
  };
  const known = (reward: number, afterMs: number) => ({ reward, at: 1_764_230_400_000 + afterMs });
  const tasks = [
    aTask("right", 4_000),
    aTask("late", 2_000),
    aTask("wrong", 1_000),
    aTask("dead", 3_000, "dead"),
    aTask("died late", 45_001, "dead"),
  ];
  const rewards = new Map(
    Object.entries({ right: known(1, 45_000), late: known(1, 45_001), wrong: known(0, 9_000), dead: known(0, 9_000) }),
  );
  const { late, ...figures } = countedFigures(tasks, rewards, 45_000);
  expect(figures).toEqual({ reward: 0.2, dlq: 0.2, tookMs: [1_000, 2_000, 3_000, 4_000, 45_001] });
  expect([late(4_000), late(3_500), late(60_000)]).toEqual([0.4, 0.6, 0.2]);
});
