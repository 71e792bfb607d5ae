import { expect, test } from "vitest";
import { chaosPlan } from "./chaosPlan.ts";

const SIZE = { kills: 200, intervalMs: 4_000, downMs: 60_000 };

test("the same seed gives the same plan, another seed another", () => {
  expect(chaosPlan(7, SIZE)).toEqual(chaosPlan(7, SIZE));
  expect(chaosPlan(7, SIZE)).not.toEqual(chaosPlan(8, SIZE));
});

test("it kills as often as it was told, both parts, about as far apart as it was told", () => {
  const steps = chaosPlan(7, SIZE);
  const victims = steps.flatMap(({ act }) => (act.kind === "kill" ? [act.part] : []));
  expect(victims).toHaveLength(200);
  expect(victims.filter((part) => part === "clickhouse").length).toBeGreaterThan(50);
  const lastsMs = steps.reduce((sum, { afterMs }) => sum + afterMs, 0);
  expect(Math.abs(lastsMs / (200 * 4_000) - 1)).toBeLessThan(0.15);
});

test("the store is out of reach once, half way, while kills go on; now and then it stands still or is slow, and the clock is set twice", () => {
  const acts = chaosPlan(7, SIZE).map(({ act }) => act);
  expect(acts.filter(({ kind }) => kind === "down")).toEqual([{ kind: "down", forMs: 60_000 }]);
  const killsBefore = acts
    .slice(
      0,
      acts.findIndex(({ kind }) => kind === "down"),
    )
    .filter(({ kind }) => kind === "kill");
  expect(killsBefore).toHaveLength(100);
  const clock = acts.flatMap((act) => (act.kind === "clock" ? [act.aheadMs] : []));
  expect(clock).toEqual([3_600_000, -7_200_000]);
  expect(acts.some(({ kind }) => kind === "freeze")).toBe(true);
  expect(acts.some(({ kind }) => kind === "slow")).toBe(true);
});
