import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** The notification channel for drafts of followed tasks that have grown or are gone. */
export const DRAFT_CHANNEL = "signalbox_task_draft";

/**
 * The text so far of an answer that a model is writing in a step of a task. `answer` (a UUID) identifies the answer, whose text only grows.
 */
export type Draft = { taskId: string; step: number; answer: string; text: string };

/** The part of a task's draft that a reader has: `length` characters (code points) of an `answer`, or none (null). */
export type DraftPlace = { answer: string; length: number } | null;

/** The part of a draft after a place. `isStart`: the reader had nothing of this answer, and `text` begins it. */
export type DraftPart = { step: number; text: string; isStart: boolean; place: NonNullable<DraftPlace> };

/**
 * Stores the drafts of running tasks that are followed, each replacing the task's last one, and notifies listeners.
 * Returns for each whether its task is followed; an unfollowed one costs only this check. Each task may occur once.
 */
export async function keepDrafts(prisma: PrismaClient, drafts: readonly Draft[], now: Date): Promise<boolean[]> {
  const kept = await askStateStore(
    () => prisma.$queryRaw<{ id: string }[]>`
      WITH kept AS (
        INSERT INTO signalbox_gateway.draft (task_id, step, answer, text, written_at)
        SELECT asked.task_id, asked.step, asked.answer, asked.text, ${now}::timestamptz
        FROM unnest(
          ${drafts.map(({ taskId }) => taskId)}::uuid[], ${drafts.map(({ step }) => step)}::integer[], ${drafts.map(({ answer }) => answer)}::uuid[],
          ${drafts.map(({ text }) => text)}::text[]
        ) AS asked (task_id, step, answer, text)
        JOIN task ON task.id = asked.task_id AND task.followed_until > now() AND task.status = 'running'
        ORDER BY asked.task_id
        ON CONFLICT (task_id) DO UPDATE SET step = excluded.step, answer = excluded.answer, text = excluded.text, written_at = excluded.written_at
        RETURNING task_id
      )
      SELECT task_id AS id, pg_notify(${DRAFT_CHANNEL}, task_id::text)::text AS told FROM kept`,
  );
  const ids = new Set(kept.map(({ id }) => id));
  return drafts.map(({ taskId }) => ids.has(taskId));
}

/** Deletes the draft of an answer that will not be finished, and notifies listeners; another draft of the same task stays. */
export async function dropDraft(prisma: PrismaClient, { taskId, answer }: Pick<Draft, "taskId" | "answer">): Promise<void> {
  await askStateStore(
    () => prisma.$queryRaw`
      WITH dropped AS (DELETE FROM signalbox_gateway.draft WHERE task_id = ${taskId}::uuid AND answer = ${answer}::uuid RETURNING task_id)
      SELECT pg_notify(${DRAFT_CHANNEL}, task_id::text)::text FROM dropped`,
  );
}

/** Deletes the drafts whose step is finished or whose writer is gone (no growth since `writtenBefore`), and notifies listeners. */
export async function forgetOldDrafts(prisma: PrismaClient, writtenBefore: Date): Promise<void> {
  await askStateStore(
    () => prisma.$queryRaw`
      WITH dropped AS (DELETE FROM signalbox_gateway.draft WHERE written_at < ${writtenBefore} RETURNING task_id)
      SELECT pg_notify(${DRAFT_CHANNEL}, task_id::text)::text FROM dropped`,
  );
}

type PartRow = { asked: bigint; step: number; answer: string; length: number; isStart: boolean; text: string };

/** The part of each task's draft after a place, in the order of `asked`; null where there is no draft. */
export async function readDrafts(
  prisma: PrismaClient,
  asked: readonly { taskId: string; place: DraftPlace }[],
): Promise<(DraftPart | null)[]> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<PartRow[]>`
      SELECT asked.ordinality AS asked, draft.step, draft.answer, char_length(draft.text) AS length,
        asked.answer IS DISTINCT FROM draft.answer AS "isStart",
        CASE WHEN asked.answer = draft.answer THEN substr(draft.text, asked.length + 1) ELSE draft.text END AS text
      FROM unnest(
        ${asked.map(({ taskId }) => taskId)}::uuid[], ${asked.map(({ place }) => place?.answer ?? null)}::uuid[],
        ${asked.map(({ place }) => place?.length ?? 0)}::integer[]
      ) WITH ORDINALITY AS asked (task_id, answer, length, ordinality)
      JOIN signalbox_gateway.draft USING (task_id)`,
  );
  const byPlace = new Map(rows.map((row) => [Number(row.asked), row]));
  return asked.map((_, index) => {
    const row = byPlace.get(index + 1);
    if (row === undefined) return null;
    const { step, text, isStart, answer, length } = row;
    return { step, text, isStart, place: { answer, length } };
  });
}
