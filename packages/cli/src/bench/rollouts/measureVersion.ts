import { setTimeout as sleep } from "node:timers/promises";
import { findTask, listEvaluations } from "@signalbox/db/prisma";
import { DEFAULT_PROJECT, type Task, type TaskRequest } from "@signalbox/model";
import type { ChaosStack } from "../chaos/chaosStack.ts";
import { nothingSent } from "../runtime/sender.ts";
import { sessionSource } from "./demoSessions.ts";
import { sendSessions } from "./sendSessions.ts";

const LOOK_EVERY_MS = 500;

/** What some sessions with a version came to: the share whose task was right, the share that became dead letters, and how long each took, in milliseconds, the shortest first. */
export type VersionFigures = { reward: number; dlq: number; tookMs: number[] };

/** Sends so many sessions that name a version, and waits until each of them is finished and scored. */
export async function measureVersion(
  stack: ChaosStack,
  requests: readonly TaskRequest[],
  { version, sessions, perSecond, seed }: { version: string; sessions: number; perSecond: number; seed: number },
  signal: AbortSignal,
): Promise<VersionFigures> {
  const nextTask = sessionSource(requests, { seed, project: DEFAULT_PROJECT, version });
  const sent = nothingSent();
  let left = sessions;
  await sendSessions(stack, { perSecond, nextTask: () => (left-- > 0 ? nextTask() : null) }, sent, signal);
  const ids = [...sent.accepted];
  for (;;) {
    const scores = await listEvaluations(stack.prisma, ids);
    // Tasks are asked for once, when the last of them has its score: to ask all the time is work that would be measured.
    const tasks = scores.length < ids.length ? [] : await Promise.all(ids.map((id) => findTask(stack.prisma, id)));
    const finished = tasks.filter((task) => task !== null && task.finishedAt !== null) as Task[];
    if (finished.length === ids.length) {
      const share = (count: number): number => count / ids.length;
      return {
        reward: share(scores.filter(({ reward }) => reward === 1).length),
        dlq: share(finished.filter(({ status }) => status === "dead").length),
        tookMs: finished.map(tookMs).sort((one, other) => one - other),
      };
    }
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

const tookMs = ({ createdAt, finishedAt }: Task): number => Date.parse(finishedAt ?? createdAt) - Date.parse(createdAt);

/** The share of a version's tasks that took longer than an objective. */
export const lateShare = ({ tookMs: all }: VersionFigures, overMs: number): number => all.filter((ms) => ms > overMs).length / all.length;
