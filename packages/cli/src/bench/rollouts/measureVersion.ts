import { setTimeout as sleep } from "node:timers/promises";
import { readTaskRewards, type TaskReward } from "@signalbox/db/gateEvidence";
import { findTask } from "@signalbox/db/prisma";
import { DEFAULT_PROJECT, type Task, type TaskRequest } from "@signalbox/model";
import type { ChaosStack } from "../chaos/chaosStack.ts";
import { nothingSent } from "../runtime/sender.ts";
import { sessionSource } from "./demoSessions.ts";
import { sendSessions } from "./sendSessions.ts";

const LOOK_EVERY_MS = 500;

/**
 * The results of some sessions with a version, as a gate counts them: the share whose task was right and
 * known to be within the lag, the share that died within it, the durations in milliseconds, ascending,
 * and the share that missed a latency objective, which includes tasks that died within the lag.
 */
export type VersionFigures = { reward: number; dlq: number; tookMs: number[]; late: (overMs: number) => number };

/**
 * Sends this many sessions that name a version, and waits until each of them is finished
 * and scored. A score that takes longer than `lagMs` is a failure, as it is for a gate.
 */
export async function measureVersion(
  stack: ChaosStack,
  requests: readonly TaskRequest[],
  { version, sessions, perSecond, seed, lagMs }: { version: string; sessions: number; perSecond: number; seed: number; lagMs: number },
  signal: AbortSignal,
): Promise<VersionFigures> {
  const nextTask = sessionSource(requests, { seed, project: DEFAULT_PROJECT, version });
  const sent = nothingSent();
  let left = sessions;
  await sendSessions(stack, { perSecond, nextTask: () => (left-- > 0 ? nextTask() : null) }, sent, signal);
  const ids = [...sent.accepted];
  for (;;) {
    const rewards = await readTaskRewards(stack.prisma, ids);
    // Tasks are queried once, when the last of them has its score: polling would be load that is measured.
    const tasks = rewards.size < ids.length ? [] : await Promise.all(ids.map((id) => findTask(stack.prisma, id)));
    const finished = tasks.filter((task) => task !== null && task.finishedAt !== null) as Task[];
    if (finished.length === ids.length) return countedFigures(finished, rewards, lagMs);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** The figures of finished tasks, counted as a gate with a lag of `lagMs` counts. Pure. */
export function countedFigures(
  tasks: readonly Pick<Task, "id" | "status" | "createdAt" | "finishedAt">[],
  rewards: ReadonlyMap<string, TaskReward>,
  lagMs: number,
): VersionFigures {
  const isDead = (task: (typeof tasks)[number]): boolean => task.status === "dead" && tookMs(task) <= lagMs;
  const isRight = (task: (typeof tasks)[number]): boolean => {
    const known = rewards.get(task.id);
    return !isDead(task) && known !== undefined && known.reward === 1 && known.at - Date.parse(task.createdAt) <= lagMs;
  };
  const share = (of: typeof isDead): number => tasks.filter(of).length / tasks.length;
  return {
    reward: share(isRight),
    dlq: share(isDead),
    tookMs: tasks.map(tookMs).sort((one, other) => one - other),
    late: (overMs) => share((task) => isDead(task) || tookMs(task) > overMs),
  };
}

const tookMs = ({ createdAt, finishedAt }: Pick<Task, "createdAt" | "finishedAt">): number =>
  Date.parse(finishedAt ?? createdAt) - Date.parse(createdAt);
