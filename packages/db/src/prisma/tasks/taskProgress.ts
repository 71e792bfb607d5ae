import { setTimeout as delay } from "node:timers/promises";
import type { Decision, Step, Task } from "@signalbox/model";
import pg from "pg";
import { listDecisionsAfter } from "../decisions/decisionStore.ts";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { DRAFT_CHANNEL } from "./draftStore.ts";
import { listStepsAfter } from "./stepStore.ts";
import { findTask } from "./taskStore.ts";

/** A place in a task's journal: the last known decision and step (-1 and 0 at the start). */
export type JournalPlace = { seq: number; step: number };

/** The part of a journal after a place, and the task as it was just before that was read: nothing of an ended task is missing then. */
export type TaskProgress = { task: Task; decisions: Decision[]; steps: Step[] };

/** Up to `rowsMax` decisions and as many steps after `place`; null when the task does not exist (any more). */
export async function readProgress(prisma: PrismaClient, id: string, place: JournalPlace, rowsMax: number): Promise<TaskProgress | null> {
  return askStateStore(async () => {
    const task = await findTask(prisma, id);
    if (task === null) return null;
    const [decisions, steps] = await Promise.all([
      listDecisionsAfter(prisma, id, place.seq, rowsMax),
      listStepsAfter(prisma, id, place.step, rowsMax),
    ]);
    return { task, decisions, steps };
  });
}

/** Notifies listeners of growth of the task's journal for the next `forMs`, by PostgreSQL's clock. */
export async function followTask(prisma: PrismaClient, id: string, forMs: number): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
      UPDATE task SET followed_until = now() + make_interval(secs => ${forMs / 1_000}::float8)
      WHERE id = ${id}::uuid AND (followed_until IS NULL OR followed_until < now() + make_interval(secs => ${forMs / 2_000}::float8))`,
  );
}

const CHANNEL = "signalbox_task_progress";
const CONNECT_MS_MAX = 2_000;
const RECONNECT_MS = 1_000;

/** The part of a followed task that has grown: its journal, or the draft of an answer. */
export type ProgressKind = "journal" | "draft";

/**
 * Calls `onProgress` with the id of a followed task that has grown, or with null
 * when any of them may have: at first, and after a lost connection. `close` ends it.
 */
export function listenForProgress(
  databaseUrl: string,
  onProgress: (taskId: string | null, kind: ProgressKind) => void,
): { close: () => Promise<void> } {
  const closing = new AbortController();

  /** Listens until the connection is lost. */
  async function listen(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS_MAX, keepAlive: true });
    const lost = new Promise<void>((resolve) => {
      client.once("end", resolve);
      client.on("error", () => resolve());
      closing.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    client.on("notification", ({ channel, payload }) => onProgress(payload ?? null, channel === DRAFT_CHANNEL ? "draft" : "journal"));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}; LISTEN ${DRAFT_CHANNEL}`);
      onProgress(null, "journal");
      await lost;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  const run = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await listen().catch(() => undefined);
      await delay(RECONNECT_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const ended = run();
  return {
    close: () => {
      closing.abort();
      return ended;
    },
  };
}
