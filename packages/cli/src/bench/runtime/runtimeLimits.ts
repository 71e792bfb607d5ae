import type { KillFigures } from "./kills/measureKills.ts";
import { inTimeOf } from "./kills/redeliveries.ts";
import type { SpikeFigures, SustainedFigures } from "./measureRuntime.ts";

/** The store of the queue. */
export type QueueStore = "postgres" | "redis";

/** The measurements with the queue in one store; null was not requested. */
export type StoreRuns = {
  sustained: SustainedFigures;
  allOn: SustainedFigures | null;
  spike: SpikeFigures | null;
  kills: KillFigures | null;
};

/** The length of a run: rates and times are judged for full-length runs only, impossible events for all. */
export type RunLength = { seconds: number; spikeSeconds: number; kills: number };

/** The promises of the runtime. */
export const RUNTIME_LIMITS = {
  tasksPerMinuteMin: { postgres: 25_000, redis: 100_000 },
  tasksPerMinuteAllOnMin: { postgres: 15_000, redis: 40_000 },
  admitMsP95Max: 50,
  /**
   * Memory is flat when a process ends with at most this multiple of its use at half time, or this many megabytes above it, whichever is
   * more.
   */
  flatTimes: 1.25,
  flatMb: 50,
  poisonDeathsMax: 3,
  /** The length from which a run counts as full. */
  full: { seconds: 300, spikeSeconds: 60, kills: 50 },
} as const;

type Check = [isKept: boolean, sentence: string];

function isFlat([first, last]: readonly [number, number]): boolean {
  return last <= Math.max(RUNTIME_LIMITS.flatTimes * first, first + RUNTIME_LIMITS.flatMb);
}

/** The number of requests that were answered with a server error, or not at all. */
function failedOf(statuses: Readonly<Record<string, number>>): number {
  return Object.entries(statuses).reduce((sum, [status, times]) => sum + (/^[1-4]\d\d$/.test(status) ? 0 : times), 0);
}

/** Checks that apply to any run, however short. */
function always(name: string, { lost, doubled }: { lost: number; doubled: number }): Check[] {
  return [
    [lost === 0, `${name}: ${lost} accepted tasks are lost.`],
    [doubled === 0, `${name}: ${doubled} tasks have effects other than once.`],
  ];
}

function chains(name: string, { brokenChains, chainsVerified }: Pick<SustainedFigures, "brokenChains" | "chainsVerified">): Check {
  return [brokenChains === 0, `${name}: ${brokenChains} of ${chainsVerified} chains of decisions are not whole.`];
}

function served(name: string, { statuses }: Pick<SustainedFigures, "statuses">): Check {
  const failed = failedOf(statuses);
  return [failed === 0, `${name}: ${failed} requests were answered with a status of 500 or above, or not at all.`];
}

function sustainedChecks(name: string, figures: SustainedFigures, tasksPerMinuteMin: number, { seconds }: RunLength): Check[] {
  const { tasksPerMinute, residentMb } = figures;
  const grown = Object.entries(residentMb).map(
    ([part, mb]): Check => [isFlat(mb), `${name}: the ${part} grew from ${mb[0]} to ${mb[1]} MB.`],
  );
  const ofFullLength: Check[] = [
    [tasksPerMinute >= tasksPerMinuteMin, `${name}: ${tasksPerMinute} tasks a minute are fewer than ${tasksPerMinuteMin}.`],
    ...grown,
  ];
  return [
    ...always(name, figures),
    chains(name, figures),
    served(name, figures),
    ...(seconds >= RUNTIME_LIMITS.full.seconds ? ofFullLength : []),
  ];
}

function spikeChecks(figures: SpikeFigures, { spikeSeconds }: RunLength): Check[] {
  const { admitMsP95 } = figures;
  const isInTime = spikeSeconds < RUNTIME_LIMITS.full.spikeSeconds || admitMsP95 <= RUNTIME_LIMITS.admitMsP95Max;
  return [
    ...always("spike", figures),
    served("spike", figures),
    [isInTime, `spike: the p95 of an admission was ${admitMsP95} ms, more than ${RUNTIME_LIMITS.admitMsP95Max}.`],
  ];
}

function killChecks(figures: KillFigures, { kills }: RunLength): Check[] {
  const { poison, redelivery } = figures;
  const { late, deaths } = inTimeOf(redelivery);
  const { withinMs, alone, besideWorker, besideStore } = redelivery;
  const which = `${alone.late} alone, ${besideWorker.late} beside another worker, ${besideStore.late} beside the queue's store`;
  return [
    ...always("kills", figures),
    chains("kills", figures),
    [
      poison.isDeadLetter && poison.deaths <= RUNTIME_LIMITS.poisonDeathsMax,
      `kills: the task that kills its worker did so ${poison.deaths} times and ${poison.isDeadLetter ? "is" : "is no"} dead letter.`,
    ],
    [poison.bystandersDeadLettered === 0, `kills: ${poison.bystandersDeadLettered} tasks beside the one that kills were given up.`],
    [
      late === 0 || kills < RUNTIME_LIMITS.full.kills,
      `kills: after ${late} of ${deaths} deaths of a worker no task was started again within ${withinMs} ms (${which}).`,
    ],
  ];
}

/** The broken promises, one sentence each; empty when all are kept. */
export function brokenPromises(store: QueueStore, { sustained, allOn, spike, kills }: StoreRuns, length: RunLength): string[] {
  const { tasksPerMinuteMin, tasksPerMinuteAllOnMin } = RUNTIME_LIMITS;
  const checks = [
    ...sustainedChecks("sustained", sustained, tasksPerMinuteMin[store], length),
    ...(allOn === null ? [] : sustainedChecks("with telemetry", allOn, tasksPerMinuteAllOnMin[store], length)),
    ...(spike === null ? [] : spikeChecks(spike, length)),
    ...(kills === null ? [] : killChecks(kills, length)),
  ];
  return checks.flatMap(([isKept, sentence]) => (isKept ? [] : sentence));
}
