import { setTimeout as sleep } from "node:timers/promises";
import { countOpenTasks, listRunningRedrives } from "@signalbox/db/prisma";
import type { Progress } from "../../commandLine/progress.ts";
import { closedLoop } from "../../loadgen/pace.ts";
import { seededRandom } from "../../loadgen/spans/seededRandom.ts";
import { calledOffBy } from "../benchStack.ts";
import { killProcess } from "../killProcess.ts";
import { loadedWorld } from "../runtime/measureRuntime.ts";
import type { RuntimeKind } from "../runtime/runtimeStack.ts";
import { nothingSent, type Sent, sendTasks } from "../runtime/sender.ts";
import { FAILING, taskSource } from "../runtime/taskSource.ts";
import { sideBySide } from "../sideBySide.ts";
import { type ChaosStack, type Orphan, startChaosStack } from "./chaosStack.ts";
import { judge, type Verdict } from "./judge/judge.ts";
import { type Kill, killPlan, type Victim, victimsOf } from "./killPlan.ts";
import { redriveSome } from "./redriveSome.ts";
import { untilGone } from "./untilGone.ts";

/** The number of tasks that may be sent beyond the next kill's before it is done, so that it meets work. */
const AHEAD_TASKS = 32;
const CONNECTIONS = 16;
const LOOK_EVERY_MS = 20;

/** The time after which tasks, or traces, without progress are given up. */
const STALL_MS = 120_000;

export interface ChaosOptions {
  tasks: number;
  kills: number;
  queue: RuntimeKind["store"];
  seed: number;
  note: (line: string) => void;
  startProgress: (label: string, total: number) => Progress;
  signal: AbortSignal;
}

const FAILING_NAMES: ReadonlySet<string> = new Set(Object.values(FAILING).map(({ name }) => name));

/** Makes workers dead-letter the tasks that are meant to fail for good. */
const SETTINGS = { SIGNALBOX_PLANTED_FAULT: "marked" };

/** The number of kills by victim. */
type KillsOf = Partial<Record<Victim, number>>;

/**
 * The results of a chaos run. `failing` counts accepted tasks that fail for good, `edited` those of them
 * that were redriven with a request that does not. `sentAgain` counts requests that were refused or not
 * answered, `orphan` is the part that outlived a killed supervisor longest; null where none was killed.
 */
export type ChaosFigures = Verdict & {
  accepted: number;
  failing: number;
  edited: number;
  kills: number;
  killsOf: KillsOf;
  sentAgain: number;
  statuses: Record<string, number>;
  orphan: Orphan | null;
  seed: number;
  durationMs: number;
};

/** Sends tasks while parts and their supervisor are killed, and judges the fates of the accepted ones by the stores alone. */
export async function measureChaos(options: ChaosOptions): Promise<ChaosFigures> {
  const { tasks, kills, queue, seed, note, startProgress } = options;
  const startedAt = performance.now();
  await using stack = await startChaosStack({ store: queue, settings: SETTINGS });
  const signal = calledOffBy(options.signal, stack);
  await stack.ready(signal);
  const nextTask = taskSource(await loadedWorld(stack.prisma, signal), seed, { hasFailing: true });

  note(`${tasks} tasks, ${kills} kills, seed ${seed} …`);
  const sent = nothingSent();
  const plan = killPlan(seed, { tasks, kills, queue });
  const done = { kills: 0 };
  const sending = startProgress("Accepted", tasks);
  const failing: string[] = [];
  const nextOf = () => {
    sending.update(sent.accepted.size);
    const task = nextTask();
    if (FAILING_NAMES.has(task.name)) failing.push(task.name);
    return task;
  };
  const [, killsOf, edited] = await sideBySide(
    signal,
    (until) => sendAll({ stack, nextTask: nextOf, tasks, room: () => (plan[done.kills]?.afterTasks ?? tasks) + AHEAD_TASKS }, sent, until),
    (until) => killAll(plan, { stack, sent, queue, seed, done, note }, until),
    async (until) => {
      while (sent.accepted.size < tasks / 2) await sleep(LOOK_EVERY_MS, undefined, { signal: until });
      return redriveSome({ prisma: stack.prisma, signal: until }, new Set(failing));
    },
  ).finally(() => sending.stop());

  note("Waiting until all of it is finished …");
  await stack.ready(signal);
  await untilGone({ stallMs: STALL_MS, signal }, () => countUnfinished(stack));
  note("Judging by the stores …");
  const traces = startProgress("Traces", sent.accepted.size);
  const verdict = await judge(stack, sent.accepted, { stallMs: STALL_MS, onTrace: traces.update, signal }).finally(() => traces.stop());
  const [orphan = null] = (await stack.orphans()).sort((a, b) => b.ms - a.ms);
  return {
    ...{ accepted: sent.accepted.size, failing: failing.length, edited, ...verdict, kills: done.kills, killsOf },
    ...{ sentAgain: sent.sentAgain, statuses: Object.fromEntries(sent.statuses) },
    ...{ orphan, seed, durationMs: Math.round(performance.now() - startedAt) },
  };
}

/** The number of tasks that are neither done nor dead, and of redrives that have not requeued all of their letters. */
async function countUnfinished({ prisma }: ChaosStack): Promise<number> {
  return (await countOpenTasks(prisma)) + (await listRunningRedrives(prisma)).length;
}

/** Sends this many tasks, each under an idempotency key and repeatedly until it is acknowledged, as fast as `room` admits. */
async function sendAll(
  { stack, nextTask, tasks, room }: { stack: ChaosStack; nextTask: ReturnType<typeof taskSource>; tasks: number; room: () => number },
  sent: Sent,
  signal: AbortSignal,
): Promise<void> {
  let begun = 0;
  await sendTasks(
    {
      ...{ gatewayUrl: stack.gatewayUrl, connections: CONNECTIONS, pace: closedLoop(() => performance.now()) },
      ...{ isPersistent: true, isKeyed: true },
      nextTask: () => (begun++ < tasks ? nextTask() : null),
      room: async () => {
        while (begun >= room() && !signal.aborted) await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
      },
    },
    sent,
    signal,
  );
}

/** Carries out a plan. */
async function killAll(
  plan: readonly Kill[],
  {
    stack,
    sent,
    queue,
    seed,
    done,
    note,
  }: Pick<ChaosOptions, "queue" | "seed" | "note"> & { stack: ChaosStack; sent: Sent; done: { kills: number } },
  signal: AbortSignal,
): Promise<KillsOf> {
  const random = seededRandom(seed);
  const killsOf: KillsOf = Object.fromEntries(victimsOf(queue).map((victim) => [victim, 0]));
  for (const { victim, afterTasks, afterMs } of plan) {
    while (sent.accepted.size < afterTasks) await sleep(LOOK_EVERY_MS, undefined, { signal });
    await sleep(afterMs, undefined, { signal });
    const choice = random();
    await killProcess(() => stack.pidOf(victim, choice), signal);
    killsOf[victim] = (killsOf[victim] ?? 0) + 1;
    done.kills += 1;
    note(`kill ${done.kills} of ${plan.length}: ${victim}, after ${sent.accepted.size} tasks`);
  }
  return killsOf;
}
