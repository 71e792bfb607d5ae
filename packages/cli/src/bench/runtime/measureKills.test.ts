import { expect, test } from "vitest";
import { firstRedeliveries } from "./measureKills.ts";

test("a worker's death ends when the first of its own tasks is started again", () => {
  const deaths = [
    { pid: 12, atMs: 10_000 },
    { pid: 34, atMs: 20_000 },
    { pid: 56, atMs: 30_000 },
  ];
  const loss = (worker: string, atMs: number) => ({ worker, noticedAt: new Date(atMs - 200), redeliveredAt: new Date(atMs) });
  const losses = [loss("host:12:ab", 14_500), loss("host:12:ab", 13_000), loss("host:34:cd", 21_000), loss("host:3:ef", 30_100)];
  expect(firstRedeliveries(deaths, losses)).toEqual([
    { noticedMs: 2_800, redeliveredMs: 3_000 },
    { noticedMs: 800, redeliveredMs: 1_000 },
  ]);
});
