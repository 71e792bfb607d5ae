import { setTimeout as sleep } from "node:timers/promises";
import { countOpenTasks, listTaskRequests, type PrismaClient } from "@signalbox/db/prisma";
import { DEFAULT_PROJECT, newId, type TaskRequest } from "@signalbox/model";
import { pick, seededRandom } from "../../loadgen/spans/seededRandom.ts";
import type { TaskToSend } from "../runtime/sender.ts";

/** The number of demo tasks to draw from. */
export const DEMO_TASKS = 160;

const LOOK_EVERY_MS = 500;

/** The demo's tasks with a known right outcome, once all of them have been through the agent. */
export async function demoRequests(prisma: PrismaClient, signal: AbortSignal): Promise<TaskRequest[]> {
  for (;;) {
    const requests = await listTaskRequests(prisma, DEFAULT_PROJECT, DEMO_TASKS);
    if (requests.length === DEMO_TASKS && (await countOpenTasks(prisma)) === 0)
      return requests.filter(({ expectation }) => expectation !== undefined);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/**
 * Draws demo tasks, each in a session of its own, for a project. They name a `version` only
 * if one is given: the planner is up to the version. The same seed asks for the same things.
 */
export function sessionSource(
  requests: readonly TaskRequest[],
  { seed, project, version }: { seed: number; project: string; version?: string },
): () => TaskToSend {
  const random = seededRandom(seed);
  return () => {
    const { planner: _, user: __, ...request } = pick(requests, random);
    const id = newId();
    return { ...request, id, project, session: `bench-${id}`, tags: ["bench"], ...(version === undefined ? {} : { version }) };
  };
}
