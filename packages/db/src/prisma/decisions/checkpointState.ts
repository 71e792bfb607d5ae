import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** The most tasks with news that are counted; a running signer keeps their number below it. */
const TASKS_COUNTED = 1_000;

/** The last checkpoint exported to a `target`: `file` or `webhook`. */
export type ExportState = { target: string; number: number };

/**
 * How far the decision log is signed. `eventsWaiting` counts the decisions without a checkpoint, of
 * the first thousand tasks that have some (`isMoreWaiting` where there are more); `waitingSince`
 * (ISO 8601) is the time of the oldest of them. Covers all projects, which share one log.
 */
export type CheckpointState = {
  last: { number: number; time: string; events: number } | null;
  eventsWaiting: number;
  isMoreWaiting: boolean;
  waitingSince: string | null;
  exports: ExportState[];
};

type Waiting = { tasks: number; events: number; since: Date | null };

/** Reads how far the decision log is signed. */
export async function readCheckpointState(prisma: PrismaClient): Promise<CheckpointState> {
  const [last, exports, [waiting]] = await askStateStore(() =>
    Promise.all([
      prisma.checkpointRow.findFirst({ orderBy: { number: "desc" }, select: { number: true, time: true, events: true } }),
      prisma.checkpointExport.findMany({ orderBy: { target: "asc" } }),
      prisma.$queryRaw<Waiting[]>`
        WITH news AS (SELECT DISTINCT task_id FROM checkpoint_news WHERE task_id IS NOT NULL LIMIT ${TASKS_COUNTED + 1}),
          waiting AS (
            SELECT decision.time FROM news
            CROSS JOIN LATERAL (SELECT COALESCE(max(seq), -1) AS seq FROM checkpoint_entry AS entry WHERE entry.task_id = news.task_id) AS signed
            JOIN decision ON decision.task_id = news.task_id AND decision.seq > signed.seq)
        SELECT (SELECT count(*)::int FROM news) AS tasks, (SELECT count(*)::int FROM waiting) AS events, (SELECT min(time) FROM waiting) AS since`,
    ]),
  );
  return {
    last: last === null ? null : { number: last.number, time: last.time.toISOString(), events: Number(last.events) },
    eventsWaiting: waiting?.events ?? 0,
    isMoreWaiting: (waiting?.tasks ?? 0) > TASKS_COUNTED,
    waitingSince: waiting?.since?.toISOString() ?? null,
    exports,
  };
}
