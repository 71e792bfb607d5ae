import { listNextTasks, type PrismaClient } from "@signalbox/db/prisma";
import type { Logger } from "pino";
import type { TaskQueue } from "../queue/taskQueue.ts";

/**
 * The places in which a project's tasks may run at once. A task without a place loses its job and waits in the store, so that it blocks no
 * worker and is not tried again and again; when another task of its project ends, it gets a new job.
 */
export type ProjectPlaces = {
  /** Reports that there was no place for a task of this project. */
  isFull: (project: string) => void;
  /** Reports that a task of this project ended: if more wait than have a place, the next one is queued. */
  hasEnded: (project: string) => void;
  /** Projects known here to have more tasks waiting than places. */
  heldProjects: () => string[];
  /** Queues the next tasks of all these projects. */
  fill: () => Promise<void>;
};

/** Opens `runningMax` places per project; the worker refills those that its tasks leave. */
export function openProjectPlaces(prisma: PrismaClient, queue: TaskQueue, runningMax: number, log: Logger): ProjectPlaces {
  const held = new Set<string>();
  /** Projects being looked up right now, and whether to look again because a task ended since or found no place. */
  const looking = new Map<string, boolean>();

  async function fillOne(project: string): Promise<void> {
    const { tasks, isMore } = await listNextTasks(prisma, { project, runningMax });
    if (tasks.length > 0) await queue.enqueue(tasks);
    if (isMore) held.add(project);
    else held.delete(project);
  }

  async function fillAndAgain(project: string): Promise<void> {
    if (looking.has(project)) {
      looking.set(project, true);
      return;
    }
    try {
      do {
        looking.set(project, false);
        await fillOne(project);
      } while (looking.get(project));
    } finally {
      looking.delete(project);
    }
  }

  return {
    isFull: (project) => {
      held.add(project);
      // The lookup in flight may have read before this task found no place.
      if (looking.has(project)) looking.set(project, true);
    },
    hasEnded: (project) => {
      if (!held.has(project)) return;
      fillAndAgain(project).catch((error: unknown) => log.debug({ err: error, project }, "whoever is next is queued by the sweeper"));
    },
    heldProjects: () => [...held],
    fill: async () => {
      for (const project of held) await fillAndAgain(project);
    },
  };
}
