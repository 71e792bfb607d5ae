import { setTimeout as sleep } from "node:timers/promises";
import { type Loss, listDeadLetters, listGivenUp, listLosses } from "@signalbox/db/prisma";
import { REDELIVERED_WITHIN_MS } from "@signalbox/model";
import { pick, seededRandom } from "../../loadgen/spans/seededRandom.ts";
import { killProcess } from "../killProcess.ts";
import { rounded } from "../rounded.ts";
import { audited, drained, fullLoad, type RunOptions, type SustainedFigures, verifyChains, withRuntime } from "./measureRuntime.ts";
import { openPoison } from "./poison/poison.ts";
import { type RuntimeStack, STAGED } from "./runtimeStack.ts";

const KILL_EVERY_MS = 2_000;
/** A worker's default limit of tasks at work: each of these runs alone after its worker died. */
const TASKS_AT_ONCE_MAX = 64;
const ACCEPTED_LOOK_MS = 50;
const STORE_LOOK_MS = 50;

/** The victims of kills: a gateway, a worker, one of the services, or the store of the queue. */
const VICTIMS = ["gateway", "worker", "service", "queueStore"] as const;
type Victim = (typeof VICTIMS)[number];

/** Out of ten kills. */
const SHARES: Record<Victim, number> = { worker: 4, gateway: 2, service: 2, queueStore: 2 };
const DECK = VICTIMS.flatMap((victim) => Array.from({ length: SHARES[victim] }, () => victim));

/** The processes of which one is killed. */
const PROCESSES = {
  gateway: ["gateway-1", "gateway-2"],
  worker: ["worker-1", "worker-2"],
  service: ["language-1", "language-2", "memory-1", "memory-2", "planning-1", "planning-2", "tools-1", "tools-2"],
  queueStore: ["queue store"],
} as const satisfies Record<Victim, readonly string[]>;

/** Durations, in milliseconds; null without any. */
type Times = { p50: number | null; max: number | null };

/**
 * The results of a run with kills. Over the worker's deaths, `noticedMs` are the times until the queue gave the first of its
 * tasks to another worker, and `redeliveredMs` until that started it again; `redeliveredInTime` counts those within the promise,
 * less the time for which the queue's store had been killed, too (`besideStore` are the deaths with such a time).
 * `poison` is a task among the others whose worker is killed: how often it was, and how many others were dead-lettered for that.
 */
export type KillFigures = Pick<SustainedFigures, "accepted" | "done" | "dead" | "lost" | "doubled" | "brokenChains" | "chainsVerified"> & {
  kills: Record<Victim, number>;
  sentAgain: number;
  statuses: Record<string, number>;
  noticedMs: Times;
  redeliveredMs: Times;
  redeliveredInTime: { deaths: number; ofDeaths: number; besideStore: number };
  poison: { deaths: number; deathsAlone: number; isDeadLetter: boolean; bystandersDeadLettered: number };
};

/** A killed worker, and the time: milliseconds since 1970. */
export type WorkerDeath = { pid: number; atMs: number };

/** From when the queue's store was killed until it answered again: milliseconds since 1970. */
export type Outage = { fromMs: number; toMs: number };

/** The redelivery of a dead worker's tasks; milliseconds from its death. For `awayMs` of them the queue's store was away. */
export type Redelivery = { noticedMs: number; redeliveredMs: number; awayMs: number };

/**
 * For each death of a worker with tasks at work, the time until the first of them was given
 * to another worker, and was started again; milliseconds, in the order of the deaths.
 */
export function firstRedeliveries(deaths: readonly WorkerDeath[], losses: readonly Loss[], outages: readonly Outage[] = []): Redelivery[] {
  return deaths.flatMap(({ pid, atMs }) => {
    const ofThis = losses.filter(({ worker, redeliveredAt }) => worker.includes(`:${pid}:`) && redeliveredAt.getTime() >= atMs);
    if (ofThis.length === 0) return [];
    const firstAfter = (moment: "noticedAt" | "redeliveredAt"): number => Math.min(...ofThis.map((loss) => loss[moment].getTime())) - atMs;
    const redeliveredMs = firstAfter("redeliveredAt");
    const away = outages.map(({ fromMs, toMs }) => Math.max(0, Math.min(toMs, atMs + redeliveredMs) - Math.max(fromMs, atMs)));
    return [{ noticedMs: firstAfter("noticedAt"), redeliveredMs, awayMs: away.reduce((sum, ms) => sum + ms, 0) }];
  });
}

/** Waits until the queue's store, which was just killed as process `pid`, answers again: what is left of that one may, for a moment. */
async function untilBack(stack: RuntimeStack, pid: number, signal: AbortSignal): Promise<Outage> {
  const fromMs = Date.now();
  while (stack.pidOf(PROCESSES.queueStore[0]) === pid || !(await stack.isStoreBack())) await sleep(STORE_LOOK_MS, undefined, { signal });
  return { fromMs, toMs: Date.now() };
}

function timesOf(values: readonly number[]): Times {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = sorted[Math.ceil(share * sorted.length) - 1];
    return value === undefined ? null : rounded(value, 0);
  };
  return { p50: at(0.5), max: at(1) };
}

/**
 * Kills gateway, worker, services and the queue's store again and again while tasks are
 * sent, one of which is poison; then compares the accepted with the finished tasks.
 */
export function measureKills(asked: RunOptions & { kills: number }): Promise<KillFigures> {
  const options = { ...asked, tasksAtOnce: Math.min(asked.tasksAtOnce, TASKS_AT_ONCE_MAX) };
  const { seed, note, signal } = options;
  const { task: poison, prepare, killWhoeverRuns } = openPoison();
  return withRuntime({ ...options, topology: STAGED, prepare }, async (stack, nextTask, sent) => {
    const random = seededRandom(seed);
    let isPoisonDue = false;
    const nextOrPoison = () => {
      if (!isPoisonDue) return nextTask();
      isPoisonDue = false;
      return poison;
    };
    const load = fullLoad(stack, options, nextOrPoison, sent);
    const ended = new AbortController();
    const poisoning = killWhoeverRuns(stack.prisma, sent.accepted, AbortSignal.any([signal, ended.signal]));
    const kills: Record<Victim, number> = { gateway: 0, worker: 0, service: 0, queueStore: 0 };
    const deathsOfWorkers: WorkerDeath[] = [];
    const outages: Promise<Outage>[] = [];
    for (let killed = 1; killed <= options.kills; killed += 1) {
      await sleep(KILL_EVERY_MS * (0.5 + random()), undefined, { signal });
      const victim = pick(DECK, random);
      const part = pick(PROCESSES[victim], random);
      const pid = await killProcess(() => stack.pidOf(part), signal);
      if (victim === "worker") deathsOfWorkers.push({ pid, atMs: Date.now() });
      if (victim === "queueStore") {
        const outage = untilBack(stack, pid, signal);
        // Its failure is met where all outages are awaited, if the run comes that far.
        outage.catch(() => undefined);
        outages.push(outage);
      }
      kills[victim] += 1;
      // Half of the kills happen while it is among the work.
      isPoisonDue ||= killed === Math.ceil(options.kills / 2);
      note(`kill ${killed} of ${options.kills}: ${victim}`);
    }

    while (!sent.accepted.has(poison.id)) await sleep(ACCEPTED_LOOK_MS, undefined, { signal });
    await load.end();
    await drained(stack, signal);
    ended.abort();
    await poisoning;

    const { done, dead, lost, doubled } = await audited(stack, sent);
    const [letter] = await listDeadLetters(stack.prisma, poison.id);
    const deaths = letter?.attempts.filter(({ outcome }) => outcome === "lost") ?? [];
    const killers = await listGivenUp(stack.prisma, "kills_worker");
    const redelivered = firstRedeliveries(deathsOfWorkers, await listLosses(stack.prisma), await Promise.all(outages));
    return {
      ...{ kills, accepted: sent.accepted.size, done, dead, lost, doubled },
      ...(await verifyChains(stack.prisma, [...sent.accepted])),
      ...{ sentAgain: sent.sentAgain, statuses: Object.fromEntries(sent.statuses) },
      noticedMs: timesOf(redelivered.map(({ noticedMs }) => noticedMs)),
      redeliveredMs: timesOf(redelivered.map(({ redeliveredMs }) => redeliveredMs)),
      redeliveredInTime: {
        deaths: redelivered.filter(({ redeliveredMs, awayMs }) => redeliveredMs - awayMs <= REDELIVERED_WITHIN_MS).length,
        ofDeaths: redelivered.length,
        besideStore: redelivered.filter(({ awayMs }) => awayMs > 0).length,
      },
      poison: {
        deaths: deaths.length,
        deathsAlone: deaths.filter(({ isAlone }) => isAlone).length,
        isDeadLetter: letter?.cause === "kills_worker",
        bystandersDeadLettered: killers.filter((id) => id !== poison.id).length,
      },
    };
  });
}
