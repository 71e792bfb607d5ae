import { expect, test } from "vitest";
import type { KillFigures } from "./kills/measureKills.ts";
import type { SpikeFigures, SustainedFigures } from "./measureRuntime.ts";
import { brokenPromises, type RunLength, type StoreRuns } from "./runtimeLimits.ts";

const FULL: RunLength = { seconds: 300, spikeSeconds: 60, kills: 50 };
const SHORT: RunLength = { seconds: 1, spikeSeconds: 1, kills: 3 };

const SUSTAINED: SustainedFigures = {
  ...{ tasksPerMinute: 100_000, accepted: 9, done: 9, dead: 0, lost: 0, doubled: 0, brokenChains: 0, chainsVerified: 9 },
  ...{ admitMsP50: 5, admitMsP95: 9, statuses: { 201: 9 } },
  cpuMsPerTask: { gateway: 1, worker: 1, generator: 1, rest: 1 },
  residentMb: { gateway: [150, 160], worker: [200, 249] },
  calibration: { sealedDecisionsPerSecond: 100_000 },
};
const SPIKE: SpikeFigures = {
  ...{ accepted: 9, lost: 0, doubled: 0, statuses: { 201: 9 }, admitMsP50: 5, admitMsP95: 50, admitMsP99: 80 },
  ...{ offeredPerSecond: 500, backlogMax: 9, drainSeconds: 1 },
};
const TIMES = { p50: 3_100, max: 4_200 };
const deathsOf = (deaths: number, late = 0) => ({ deaths, inTime: deaths - late, late, noticedMs: TIMES, redeliveredMs: TIMES });
const KILLS: KillFigures = {
  ...{ accepted: 9, done: 8, dead: 1, lost: 0, doubled: 0, brokenChains: 0, chainsVerified: 9, sentAgain: 3, statuses: { 503: 3 } },
  kills: { gateway: 10, worker: 20, service: 10, queueStore: 10 },
  backMs: { gateway: TIMES, worker: TIMES, service: TIMES, queueStore: TIMES },
  redelivery: { withinMs: 5_000, alone: deathsOf(10), besideWorker: deathsOf(4), besideStore: { ...deathsOf(4), sinceStoreMs: TIMES } },
  poison: { deaths: 3, deathsAlone: 2, isDeadLetter: true, bystandersDeadLettered: 0 },
};

const runs = (change: Partial<StoreRuns> = {}): StoreRuns => ({
  ...{ sustained: SUSTAINED, allOn: SUSTAINED, spike: SPIKE, kills: KILLS },
  ...change,
});

test("figures that keep every promise break none; what was not asked for breaks none either", () => {
  expect(brokenPromises("redis", runs(), FULL)).toEqual([]);
  expect(brokenPromises("postgres", runs({ allOn: null, spike: null, kills: null }), FULL)).toEqual([]);
});

const lateAlone: KillFigures = { ...KILLS, redelivery: { ...KILLS.redelivery, alone: deathsOf(10, 1) } };
const lateStore = { ...KILLS, redelivery: { ...KILLS.redelivery, besideStore: { ...deathsOf(4, 2), sinceStoreMs: TIMES } } };
const rates: [string, Partial<StoreRuns>][] = [
  ["sustained: 99999 tasks a minute", { sustained: { ...SUSTAINED, tasksPerMinute: 99_999 } }],
  ["with telemetry: 39999 tasks a minute", { allOn: { ...SUSTAINED, tasksPerMinute: 39_999 } }],
  ["worker grew from 200 to 251 MB", { sustained: { ...SUSTAINED, residentMb: { gateway: [150, 160], worker: [200, 251] } } }],
  ["p95 of an admission was 51 ms", { spike: { ...SPIKE, admitMsP95: 51 } }],
  ["after 1 of 18 deaths of a worker no task was started again within 5000 ms (1 alone, 0 beside another worker", { kills: lateAlone }],
  ["2 beside the queue's store", { kills: lateStore }],
];

test.each(rates)("in a run of full length a broken promise is a sentence: %s", (words, change) => {
  expect(brokenPromises("redis", runs(change), FULL)).toEqual([expect.stringContaining(words)]);
  expect(brokenPromises("redis", runs(change), SHORT)).toEqual([]);
});

test.each<[string, Partial<StoreRuns>]>([
  ["1 accepted tasks are lost", { sustained: { ...SUSTAINED, lost: 1 } }],
  ["2 tasks have effects other than once", { kills: { ...KILLS, doubled: 2 } }],
  ["1 of 9 chains", { allOn: { ...SUSTAINED, brokenChains: 1 } }],
  ["spike: 6 requests", { spike: { ...SPIKE, statuses: { 201: 9, 429: 7, 500: 1, 503: 3, ECONNRESET: 2 } } }],
  ["did so 4 times", { kills: { ...KILLS, poison: { ...KILLS.poison, deaths: 4 } } }],
  ["is no dead letter", { kills: { ...KILLS, poison: { ...KILLS.poison, isDeadLetter: false } } }],
  ["1 tasks beside the one that kills", { kills: { ...KILLS, poison: { ...KILLS.poison, bystandersDeadLettered: 1 } } }],
])("in a run of any length a broken promise is a sentence: %s", (words, change) => {
  expect(brokenPromises("redis", runs(change), SHORT)).toEqual([expect.stringContaining(words)]);
});
