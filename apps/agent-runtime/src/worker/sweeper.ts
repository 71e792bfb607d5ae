import {
  forgetExpiredTurns,
  forgetOldDrafts,
  listUnfinishedTasks,
  type PrismaClient,
  type TaskCursor,
  type UnfinishedTask,
} from "@signalbox/db/prisma";
import { type Clock, dateOfUs } from "../clock.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import type { ProjectPlaces } from "./projectPlaces.ts";

/** An admission and its job are two writes: a younger task without a job may just be between them. In milliseconds. */
const SETTLED_AFTER_MS = 2_000;

/**
 * A draft that has not grown for this long is in its step by now, or has lost its writer: models have less time for a whole answer. In
 * milliseconds.
 */
const DRAFT_LOST_MS = 180_000;

/** How many tasks one sweep looks at. */
const PAGE_ROWS_MAX = 500;

/**
 * Queues tasks that a crash left without a job, and deletes expired turns and drafts. Each sweep looks at the next page of unfinished tasks
 * and starts over at the end, so that a long queue hides none of them. A task that has its job keeps it; a task of a version is swept by
 * workers of its `build`. Projects with more tasks waiting than places get as many queued as have a place.
 */
export function openSweeper(
  prisma: PrismaClient,
  queue: TaskQueue,
  clock: Clock,
  build: string,
  places?: ProjectPlaces,
): () => Promise<void> {
  let cursor: TaskCursor | null = null;
  return async () => {
    const nowUs = clock.nowUs();
    await forgetExpiredTurns(prisma, dateOfUs(nowUs));
    await forgetOldDrafts(prisma, dateOfUs(nowUs - DRAFT_LOST_MS * 1_000));
    const page: UnfinishedTask[] = await listUnfinishedTasks(prisma, {
      admittedBefore: dateOfUs(nowUs - SETTLED_AFTER_MS * 1_000),
      build,
      heldProjects: places?.heldProjects() ?? [],
      cursor,
      rowsMax: PAGE_ROWS_MAX,
    });
    // These tasks came before those that wait: without a project they join the current turn.
    if (page.length > 0) await queue.enqueue(page.map(({ id, lane, build }) => ({ id, lane, build })));
    await places?.fill();
    cursor = page.length < PAGE_ROWS_MAX ? null : (page.at(-1) ?? null);
  };
}
