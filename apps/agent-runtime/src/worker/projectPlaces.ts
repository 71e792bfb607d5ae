import { listNextTasks, type PrismaClient } from "@signalbox/db/prisma";
import type { Logger } from "pino";
import type { TaskQueue } from "../queue/taskQueue.ts";

/**
 * The places that the tasks of a project have to run at once. A task for which there is none loses its job and waits in the store,
 * so that it takes no worker's place and is not tried again and again; when another task of its project ends, it gets a job anew.
 */
export type ProjectPlaces = {
  /** There was no place for a task of this project. */
  isFull: (project: string) => void;
  /** A task of this project ended: whoever is next is queued, where more waits than has a place. */
  hasEnded: (project: string) => void;
  /** Projects of which more waits than has a place, as far as is known here. */
  heldProjects: () => string[];
  /** Queues whoever is next of all of them. */
  fill: () => Promise<void>;
};

/** Opens the places, `runningMax` for each project, of which a worker fills those that its tasks leave. */
export function openProjectPlaces(prisma: PrismaClient, queue: TaskQueue, runningMax: number, log: Logger): ProjectPlaces {
  const held = new Set<string>();
  /** Projects that are looked at right now, and whether they are to be looked at again: a task ended since, or found no place. */
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
      // A look that is under way may have been before the one that found no place.
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
