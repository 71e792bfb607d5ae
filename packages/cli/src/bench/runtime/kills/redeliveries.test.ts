import { expect, test } from "vitest";
import type { Absence } from "./absences.ts";
import { inTimeOf, type Redelivery, redeliveriesOf, redeliveryFigures } from "./redeliveries.ts";

const death = (pid: number, atMs: number) => ({ part: "worker-1", pid, atMs });
const loss = (worker: string, atMs: number) => ({ worker, noticedAt: new Date(atMs - 200), redeliveredAt: new Date(atMs) });

test("a worker's death ends when the first of its own tasks is started again", () => {
  const deaths = [death(12, 10_000), death(34, 20_000), death(56, 30_000)];
  const losses = [loss("host:12:ab", 14_500), loss("host:12:ab", 13_000), loss("host:34:cd", 21_000), loss("host:3:ef", 30_100)];
  const alone = { storeBackMs: null, isBesideWorker: false };
  expect(redeliveriesOf(deaths, losses)).toEqual([
    { noticedMs: 2_800, redeliveredMs: 3_000, ...alone },
    { noticedMs: 800, redeliveredMs: 1_000, ...alone },
  ]);
});

/** The redelivery of a task that was started 8 s after its worker's death at 10,000, with what else was away. */
function besides(...absences: Omit<Absence, "part">[]): Redelivery | undefined {
  const parts = { gateway: "gateway-1", worker: "worker-2", service: "tools-1", queueStore: "queue store" };
  const away = absences.map((absence) => ({ ...absence, part: parts[absence.victim] }));
  return redeliveriesOf([death(12, 10_000)], [loss("host:12:ab", 18_000)], away)[0];
}
const storeAway = (fromMs: number, toMs: number) => ({ victim: "queueStore" as const, fromMs, toMs });

test("the time runs anew when the store that was killed beside the worker is back, however often it is", () => {
  expect(besides(storeAway(12_000, 14_000))?.storeBackMs).toBe(4_000);
  expect(besides(storeAway(9_000, 11_000))?.storeBackMs).toBe(1_000);
  expect(besides(storeAway(9_000, 12_000), storeAway(16_500, 17_500))?.storeBackMs).toBe(7_500);
});

test("a store that was back before the death, went after the start, or when the start was late already excuses nothing", () => {
  expect(besides(storeAway(5_000, 9_900))?.storeBackMs).toBeNull();
  expect(besides(storeAway(18_500, 20_000))?.storeBackMs).toBeNull();
  expect(besides(storeAway(15_500, 17_000))?.storeBackMs).toBeNull();
});

test("another worker that was away meanwhile is told; the dead one itself, a service or a gateway is not", () => {
  const away = (victim: Absence["victim"], fromMs = 11_000, toMs = 14_000) => besides({ victim, fromMs, toMs })?.isBesideWorker;
  expect(away("worker")).toBe(true);
  expect(away("worker", 8_000, 10_500)).toBe(true);
  expect(away("worker", 8_000, 9_500)).toBe(false);
  expect(away("worker", 15_500, 16_000)).toBe(false);
  expect([away("service"), away("gateway")]).toEqual([false, false]);
  const own = { victim: "worker" as const, part: "worker-1", fromMs: 10_000, toMs: 13_000 };
  expect(redeliveriesOf([death(12, 10_000)], [loss("host:12:ab", 13_000)], [own])[0]?.isBesideWorker).toBe(false);
});

test("each death is in time or late, by the time from the death or from the store's return, under what else was away", () => {
  const of = (redeliveredMs: number, storeBackMs: number | null = null, isBesideWorker = false): Redelivery => ({
    ...{ noticedMs: redeliveredMs - 100, redeliveredMs, storeBackMs, isBesideWorker },
  });
  const figures = redeliveryFigures([of(3_000), of(5_000), of(5_001), of(6_000, null, true), of(9_000, 4_000), of(9_001, 4_000, true)]);
  expect(figures).toEqual({
    withinMs: 5_000,
    alone: { deaths: 3, inTime: 2, late: 1, noticedMs: { p50: 4_900, max: 4_901 }, redeliveredMs: { p50: 5_000, max: 5_001 } },
    besideWorker: { deaths: 1, inTime: 0, late: 1, noticedMs: { p50: 5_900, max: 5_900 }, redeliveredMs: { p50: 6_000, max: 6_000 } },
    besideStore: {
      ...{ deaths: 2, inTime: 1, late: 1, noticedMs: { p50: 8_900, max: 8_901 }, redeliveredMs: { p50: 9_000, max: 9_001 } },
      sinceStoreMs: { p50: 5_000, max: 5_001 },
    },
  });
  expect(inTimeOf(figures)).toEqual({ inTime: 3, late: 3, deaths: 6 });
  expect(redeliveryFigures([]).alone).toMatchObject({ deaths: 0, redeliveredMs: { p50: null, max: null } });
});
