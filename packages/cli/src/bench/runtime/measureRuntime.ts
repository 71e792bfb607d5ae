import { setTimeout as sleep } from "node:timers/promises";
import { auditTasks, listDecisionsOf, type PrismaClient, readWorld, type TaskAudit } from "@signalbox/db/prisma";
import { AppError, verifyChain } from "@signalbox/model";
import { closedLoop, openLoop } from "../../loadgen/pace.ts";
import { machineBusyMs, type ProcessUsage, processUsage } from "../processUsage.ts";
import { rounded } from "../rounded.ts";
import { sealedDecisionsPerSecond } from "./calibration.ts";
import { type RuntimeOptions, type RuntimeStack, startRuntimeStack } from "./runtimeStack.ts";
import { nothingSent, type Sent, sendTasks } from "./sender.ts";
import { taskSource, WORLD } from "./taskSource.ts";

/**
 * The multiple of the worker's concurrency that may be under way before the
 * generator waits: enough to keep it busy, few enough for the backlog not to grow.
 */
const BACKLOG_TIMES = 8;
const LOOK_EVERY_MS = 250;
const WARM_UP_MS = 3_000;
const DRAIN_MS_MAX = 600_000;
/** A spike from 50 tasks a minute to 30,000. */
const SPIKE_PER_SECOND = 500;
const BEFORE_SPIKE_PER_SECOND = 50 / 60;
const BEFORE_SPIKE_MS = 3_000;
/** The most tasks whose chains are verified, spread over all of them. */
const CHAINS_MAX = 5_000;

/** `seconds` of full load over `connections` connections; the same `seed` sends the same tasks. */
export type RunOptions = RuntimeOptions & { seconds: number; connections: number; seed: number };

/** The results of a run at full load. `residentMb`: at half of the time, when heaps have grown to their size under load, and at its end. */
export type SustainedFigures = {
  tasksPerMinute: number;
  accepted: number;
  done: number;
  dead: number;
  lost: number;
  doubled: number;
  brokenChains: number;
  chainsVerified: number;
  admitMsP50: number;
  admitMsP95: number;
  statuses: Record<string, number>;
  cpuMsPerTask: { gateway: number; worker: number; generator: number; rest: number };
  residentMb: { gateway: [number, number]; worker: [number, number] };
  calibration: { sealedDecisionsPerSecond: number };
};

/** The results of a spike. `drainSeconds` is from its end until nothing waits. */
export type SpikeFigures = Pick<SustainedFigures, "accepted" | "lost" | "doubled" | "statuses" | "admitMsP50" | "admitMsP95"> & {
  offeredPerSecond: number;
  admitMsP99: number;
  backlogMax: number;
  drainSeconds: number;
};

/** Runs `work` on a running agent with tasks to send, keeping account of what was sent. */
export async function withRuntime<Figures>(
  options: RunOptions,
  measure: (stack: RuntimeStack, nextTask: ReturnType<typeof taskSource>, sent: Sent) => Promise<Figures>,
): Promise<Figures> {
  await using stack = await startRuntimeStack(options);
  const nextTask = taskSource(await loadedWorld(stack.prisma, options.signal), options.seed);
  return await Promise.race([measure(stack, nextTask, nothingSent()), stack.failure]);
}

/** The demo's world, once it is loaded. */
export async function loadedWorld(prisma: PrismaClient, signal: AbortSignal): Promise<Awaited<ReturnType<typeof readWorld>>> {
  for (;;) {
    try {
      return await readWorld(prisma, WORLD);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "not_found") throw error;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}

/** Keeps the generator from getting further ahead of the worker than `BACKLOG_TIMES`. */
function watchBacklog(stack: RuntimeStack, tasksAtOnce: number, signal: AbortSignal) {
  let unfinished = 0;
  let largest = 0;
  let news = Promise.withResolvers<void>();
  const watching = (async () => {
    while (!signal.aborted) {
      unfinished = await stack.unfinished().catch(() => unfinished);
      largest = Math.max(largest, unfinished);
      news.resolve();
      news = Promise.withResolvers();
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    news.resolve();
  })();
  return {
    largest: () => largest,
    room: async () => {
      while (unfinished >= BACKLOG_TIMES * tasksAtOnce && !signal.aborted) await news.promise;
    },
    ended: () => watching,
  };
}

/** Sends as fast as tasks are finished, repeating what was not acknowledged, until it is stopped. */
export function fullLoad(
  stack: RuntimeStack,
  { connections, tasksAtOnce, signal }: RunOptions,
  nextTask: ReturnType<typeof taskSource>,
  sent: Sent,
): { end: () => Promise<void> } {
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const backlog = watchBacklog(stack, tasksAtOnce, until);
  const pace = closedLoop(() => performance.now());
  const sending = { gatewayUrl: stack.gatewayUrl, connections, nextTask, pace, isPersistent: true, room: backlog.room };
  const work = [sendTasks(sending, sent, until), backlog.ended()];
  return {
    end: async () => {
      stop.abort();
      await Promise.all(work);
    },
  };
}

/** Waits until no task is unfinished. */
export async function drained(stack: RuntimeStack, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + DRAIN_MS_MAX;
  while ((await stack.unfinished().catch(() => 1)) > 0) {
    if (performance.now() > deadline) throw new AppError("infrastructure", `Tasks are not finished after ${DRAIN_MS_MAX / 1_000} s.`);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The number of broken chains of decisions, among up to `CHAINS_MAX` tasks. */
export async function verifyChains(
  prisma: PrismaClient,
  ids: readonly string[],
): Promise<{ brokenChains: number; chainsVerified: number }> {
  const stride = Math.max(1, Math.ceil(ids.length / CHAINS_MAX));
  const chosen = ids.filter((_, index) => index % stride === 0);
  let brokenChains = 0;
  for (let from = 0; from < chosen.length; from += 500) {
    const page = chosen.slice(from, from + 500);
    const byTask = Map.groupBy(await listDecisionsOf(prisma, page), ({ taskId }) => taskId);
    for (const id of page) {
      const chain = (byTask.get(id) ?? []).sort((a, b) => a.seq - b.seq);
      if (chain.length === 0 || verifyChain(chain).kind === "broken") brokenChains += 1;
    }
  }
  return { brokenChains, chainsVerified: chosen.length };
}

/** Compares the set of accepted tasks with the set of finished ones. */
export async function audited({ prisma }: RuntimeStack, { accepted }: Sent): Promise<TaskAudit & { lost: number; doubled: number }> {
  const audit = await auditTasks(prisma, [...accepted]);
  return { ...audit, lost: audit.missing + audit.unfinished, doubled: audit.otherEffects.length };
}

type Usage = { gateway: ProcessUsage | undefined; worker: ProcessUsage | undefined; generatorUs: number; machineMs: number };

function usageOf(stack: RuntimeStack): Usage {
  const { user, system } = process.cpuUsage();
  return {
    gateway: processUsage(stack.pidOf("gateway")),
    worker: processUsage(stack.pidOf("worker")),
    generatorUs: user + system,
    machineMs: machineBusyMs(),
  };
}

function costOf(
  { before, between, after }: Record<"before" | "between" | "after", Usage>,
  tasks: number,
): Pick<SustainedFigures, "cpuMsPerTask" | "residentMb"> {
  const cpuMs = (part: "gateway" | "worker"): number =>
    ((after[part]?.cpuMicroseconds ?? 0) - (before[part]?.cpuMicroseconds ?? 0)) / 1_000;
  const generatorMs = (after.generatorUs - before.generatorUs) / 1_000;
  const restMs = after.machineMs - before.machineMs - cpuMs("gateway") - cpuMs("worker") - generatorMs;
  const perTask = (ms: number): number => rounded(ms / tasks, 3);
  const megabytes = (part: "gateway" | "worker"): [number, number] => [
    Math.round((between[part]?.residentBytes ?? 0) / 1e6),
    Math.round((after[part]?.residentBytes ?? 0) / 1e6),
  ];
  return {
    cpuMsPerTask: {
      gateway: perTask(cpuMs("gateway")),
      worker: perTask(cpuMs("worker")),
      generator: perTask(generatorMs),
      rest: perTask(restMs),
    },
    residentMb: { gateway: megabytes("gateway"), worker: megabytes("worker") },
  };
}

/** Sends as fast as tasks are finished for this many seconds, then compares the accepted with the finished tasks. */
export function measureSustained(options: RunOptions): Promise<SustainedFigures> {
  const { seconds, note, signal } = options;
  const calibration = { sealedDecisionsPerSecond: sealedDecisionsPerSecond() };
  return withRuntime(options, async (stack, nextTask, sent) => {
    const load = fullLoad(stack, options, nextTask, sent);
    const finished = async (): Promise<number> => sent.accepted.size - (await stack.unfinished());

    note(`sends for ${seconds} s …`);
    await sleep(WARM_UP_MS, undefined, { signal });
    const [before, finishedBefore, startedAt] = [usageOf(stack), await finished(), performance.now()];
    await sleep(seconds * 500, undefined, { signal });
    const between = usageOf(stack);
    await sleep(seconds * 500, undefined, { signal });
    const [after, finishedAfter, endedAt] = [usageOf(stack), await finished(), performance.now()];
    await load.end();
    await drained(stack, signal);

    const tasks = finishedAfter - finishedBefore;
    const { done, dead, lost, doubled } = await audited(stack, sent);
    return {
      tasksPerMinute: Math.round((tasks / (endedAt - startedAt)) * 60_000),
      ...{ accepted: sent.accepted.size, done, dead, lost, doubled },
      ...(await verifyChains(stack.prisma, [...sent.accepted])),
      admitMsP50: rounded(sent.admitMs.quantileMs(0.5), 1),
      admitMsP95: rounded(sent.admitMs.quantileMs(0.95), 1),
      statuses: Object.fromEntries(sent.statuses),
      ...costOf({ before, between, after }, tasks),
      calibration,
    };
  });
}

/** Jumps from 50 tasks a minute to 30,000 for this many seconds, and back. Refused tasks are not sent again. */
export function measureSpike(options: RunOptions): Promise<SpikeFigures> {
  const { seconds, connections, tasksAtOnce, note, signal } = options;
  const clock = { clock: () => performance.now(), sleep: (ms: number, stop: AbortSignal) => sleep(ms, undefined, { signal: stop }) };
  return withRuntime(options, async (stack, nextTask, sent) => {
    const send = async (requestsPerSecond: number, ms: number, to: Sent): Promise<void> => {
      const until = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
      const pace = openLoop({ requestsPerSecond }, clock);
      const isPersistent = false;
      await sendTasks({ ...{ gatewayUrl: stack.gatewayUrl, connections, nextTask, pace, isPersistent }, room: async () => {} }, to, until);
    };
    const calm = nothingSent();
    await send(BEFORE_SPIKE_PER_SECOND, BEFORE_SPIKE_MS, calm);
    note(`a spike of ${SPIKE_PER_SECOND} tasks/s for ${seconds} s …`);
    const stop = new AbortController();
    const backlog = watchBacklog(stack, tasksAtOnce, AbortSignal.any([signal, stop.signal]));
    await send(SPIKE_PER_SECOND, seconds * 1_000, sent);
    const endedAt = performance.now();
    await drained(stack, signal);
    const drainSeconds = rounded((performance.now() - endedAt) / 1_000, 1);
    stop.abort();
    await backlog.ended();
    await send(BEFORE_SPIKE_PER_SECOND, BEFORE_SPIKE_MS, calm);
    const { lost, doubled } = await audited(stack, sent);
    const quantile = (share: number): number => rounded(sent.admitMs.quantileMs(share), 1);
    return {
      ...{ offeredPerSecond: SPIKE_PER_SECOND, accepted: sent.accepted.size, lost, doubled, statuses: Object.fromEntries(sent.statuses) },
      ...{ admitMsP50: quantile(0.5), admitMsP95: quantile(0.95), admitMsP99: quantile(0.99), backlogMax: backlog.largest(), drainSeconds },
    };
  });
}
