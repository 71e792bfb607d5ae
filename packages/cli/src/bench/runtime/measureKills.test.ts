import { expect, test } from "vitest";
import { firstRedeliveries, type Outage } from "./measureKills.ts";

test("a worker's death ends when the first of its own tasks is started again", () => {
  const deaths = [
    { pid: 12, atMs: 10_000 },
    { pid: 34, atMs: 20_000 },
    { pid: 56, atMs: 30_000 },
  ];
  const loss = (worker: string, atMs: number) => ({ worker, noticedAt: new Date(atMs - 200), redeliveredAt: new Date(atMs) });
  const losses = [loss("host:12:ab", 14_500), loss("host:12:ab", 13_000), loss("host:34:cd", 21_000), loss("host:3:ef", 30_100)];
  expect(firstRedeliveries(deaths, losses)).toEqual([
    { noticedMs: 2_800, redeliveredMs: 3_000, awayMs: 0 },
    { noticedMs: 800, redeliveredMs: 1_000, awayMs: 0 },
  ]);
});

test("the time for which the queue's store was away is told, as far as it was between the death and the start", () => {
  const losses = [{ worker: "host:12:ab", noticedAt: new Date(17_000), redeliveredAt: new Date(18_000) }];
  const away = (...outages: Outage[]) => firstRedeliveries([{ pid: 12, atMs: 10_000 }], losses, outages)[0]?.awayMs;
  expect(away({ fromMs: 12_000, toMs: 14_000 })).toBe(2_000);
  expect(away({ fromMs: 9_000, toMs: 11_000 }, { fromMs: 17_500, toMs: 20_000 })).toBe(1_500);
  expect(away({ fromMs: 5_000, toMs: 9_000 }, { fromMs: 18_500, toMs: 20_000 })).toBe(0);
});
