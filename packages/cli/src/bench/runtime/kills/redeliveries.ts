import type { Loss } from "@signalbox/db/prisma";
import { REDELIVERED_WITHIN_MS } from "@signalbox/model";
import { rounded } from "../../rounded.ts";
import type { Absence } from "./absences.ts";

/** Durations, in milliseconds; null without any. */
export type Times = { p50: number | null; max: number | null };

/** A killed worker: its part, its process, and when; milliseconds since 1970. */
export type WorkerDeath = { part: string; pid: number; atMs: number };

/**
 * The redelivery of a dead worker's tasks, in milliseconds from its death: until the first of them was given to another worker, and until
 * that started it again. `storeBackMs` is when the queue's store, which had been killed as well, worked again; null if it was there when it
 * was needed. `isBesideWorker` tells that another worker was away meanwhile, which had been killed, too.
 */
export type Redelivery = { noticedMs: number; redeliveredMs: number; storeBackMs: number | null; isBesideWorker: boolean };

/** Deaths of one kind: at how many the first task was started again in time, and at how many not. */
export type DeathFigures = { deaths: number; inTime: number; late: number; noticedMs: Times; redeliveredMs: Times };

/**
 * Deaths of workers that had tasks in hand. `alone`: nothing else that the redelivery needs was away. `besideWorker`: another worker was,
 * too. `besideStore`: the queue's store was, without which no task can be started; `sinceStoreMs` is from when it worked again, and says
 * what is in time. Everywhere else that is the time from the death.
 */
export type RedeliveryFigures = {
  withinMs: number;
  alone: DeathFigures;
  besideWorker: DeathFigures;
  besideStore: DeathFigures & { sinceStoreMs: Times };
};

/**
 * When the queue's store worked again after a death; null if it did all the time. An absence counts if it began before the task was
 * started, and within the promised time from the death or from the end of the absence before.
 */
function storeBackAt(atMs: number, redeliveredAt: number, absences: readonly Absence[]): number | null {
  let backAt = atMs;
  for (const { victim, fromMs, toMs } of absences.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (victim !== "queueStore" || toMs <= atMs) continue;
    if (fromMs < redeliveredAt && fromMs <= backAt + REDELIVERED_WITHIN_MS) backAt = Math.max(backAt, toMs);
  }
  return backAt === atMs ? null : backAt;
}

/** The redeliveries after deaths of workers that had tasks at work, in the order of the deaths. */
export function redeliveriesOf(deaths: readonly WorkerDeath[], losses: readonly Loss[], absences: readonly Absence[] = []): Redelivery[] {
  return deaths.flatMap(({ part, pid, atMs }) => {
    const ofThis = losses.filter(({ worker, redeliveredAt }) => worker.includes(`:${pid}:`) && redeliveredAt.getTime() >= atMs);
    if (ofThis.length === 0) return [];
    const first = (moment: "noticedAt" | "redeliveredAt"): number => Math.min(...ofThis.map((loss) => loss[moment].getTime()));
    const redeliveredAt = first("redeliveredAt");
    const backAt = storeBackAt(atMs, redeliveredAt, absences);
    const untilMs = Math.min(redeliveredAt, atMs + REDELIVERED_WITHIN_MS);
    const isBesideWorker = absences.some(
      (absence) => absence.victim === "worker" && absence.part !== part && absence.toMs > atMs && absence.fromMs < untilMs,
    );
    return [
      {
        noticedMs: first("noticedAt") - atMs,
        redeliveredMs: redeliveredAt - atMs,
        storeBackMs: backAt === null ? null : backAt - atMs,
        isBesideWorker,
      },
    ];
  });
}

/** The median and the longest. */
export function timesOf(values: readonly number[]): Times {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = sorted[Math.ceil(share * sorted.length) - 1];
    return value === undefined ? null : rounded(value, 0);
  };
  return { p50: at(0.5), max: at(1) };
}

/** A task that was started before the store went needed no store. */
const sinceStoreMs = ({ redeliveredMs, storeBackMs }: Redelivery): number => Math.max(0, redeliveredMs - (storeBackMs ?? 0));

function figuresOf(redeliveries: readonly Redelivery[]): DeathFigures {
  const inTime = redeliveries.filter((redelivery) => sinceStoreMs(redelivery) <= REDELIVERED_WITHIN_MS).length;
  return {
    deaths: redeliveries.length,
    inTime,
    late: redeliveries.length - inTime,
    noticedMs: timesOf(redeliveries.map(({ noticedMs }) => noticedMs)),
    redeliveredMs: timesOf(redeliveries.map(({ redeliveredMs }) => redeliveredMs)),
  };
}

/** The figures of redeliveries, by what else was away. Pure. */
export function redeliveryFigures(redeliveries: readonly Redelivery[]): RedeliveryFigures {
  const besideStore = redeliveries.filter(({ storeBackMs }) => storeBackMs !== null);
  const others = redeliveries.filter(({ storeBackMs }) => storeBackMs === null);
  return {
    withinMs: REDELIVERED_WITHIN_MS,
    alone: figuresOf(others.filter(({ isBesideWorker }) => !isBesideWorker)),
    besideWorker: figuresOf(others.filter(({ isBesideWorker }) => isBesideWorker)),
    besideStore: { ...figuresOf(besideStore), sinceStoreMs: timesOf(besideStore.map(sinceStoreMs)) },
  };
}

/** How many of these deaths were followed by a start in time, how many not, and how many there were. */
export function inTimeOf({ alone, besideWorker, besideStore }: RedeliveryFigures): { inTime: number; late: number; deaths: number } {
  const kinds = [alone, besideWorker, besideStore];
  const sum = (of: (figures: DeathFigures) => number): number => kinds.reduce((total, figures) => total + of(figures), 0);
  return { inTime: sum(({ inTime }) => inTime), late: sum(({ late }) => late), deaths: sum(({ deaths }) => deaths) };
}
