import { setTimeout as sleep } from "node:timers/promises";
import { countOpenTasks, listTaskRequests, type PrismaClient } from "@signalbox/db/prisma";
import { DEFAULT_PROJECT, newId, type TaskRequest } from "@signalbox/model";
import { pick, seededRandom } from "../../loadgen/spans/seededRandom.ts";
import type { TaskToSend } from "../runtime/sender.ts";

/** So many tasks of the demo are there to draw from. */
export const DEMO_TASKS = 160;

const LOOK_EVERY_MS = 500;

/** The demo's tasks of which it is known what is right, once all of them have been through the agent. */
export async function demoRequests(prisma: PrismaClient, signal: AbortSignal): Promise<TaskRequest[]> {
  for (;;) {
    const requests = await listTaskRequests(prisma, DEFAULT_PROJECT, DEMO_TASKS);
    if (requests.length === DEMO_TASKS && (await countOpenTasks(prisma)) === 0)
      return requests.filter(({ expectation }) => expectation !== undefined);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/**
 * Draws tasks of the demo, each in a session of its own, for a project. Only a `version` that
 * is given is named: who plans is the version's to say. The same seed asks for the same things.
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
