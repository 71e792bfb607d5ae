import type { Memories } from "@signalbox/model";
import { z } from "zod";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** A turn to remember. The same `turnId` of a session is stored once. */
export type NewTurn = { project: string; session: string; turnId: string; role: string; content: string; expiresAt: Date };

/** The id of a turn's task, which is the part of the turn's id before a colon; null for a turn without a task. */
export function taskOfTurn(turnId: string): string | null {
  const [task, ...rest] = turnId.split(":");
  return rest.length === 0 ? null : (z.uuid().safeParse(task).data ?? null);
}

/**
 * Stores turns in order; a turn that is already stored keeps its place and expiry. A task's turns are stored only while the task
 * exists: its row is locked, always in the order of ids, so that an erasure either finds the turn or leaves no task for it.
 */
export async function rememberTurns(prisma: PrismaClient, turns: readonly NewTurn[]): Promise<void> {
  const tasks = turns.map(({ turnId }) => taskOfTurn(turnId));
  await askStateStore(
    () => prisma.$executeRaw`
      WITH standing AS MATERIALIZED (
        SELECT id FROM task WHERE id = ANY(${tasks.filter((task) => task !== null)}::uuid[]) ORDER BY id FOR KEY SHARE
      )
      INSERT INTO memory_turn (project, session, turn_id, role, content, expires_at)
      SELECT project, session, turn_id, role, content, expires_at
      FROM unnest(
        ${turns.map(({ project }) => project)}::text[], ${turns.map(({ session }) => session)}::text[], ${turns.map(({ turnId }) => turnId)}::text[],
        ${turns.map(({ role }) => role)}::text[], ${turns.map(({ content }) => content)}::text[],
        ${turns.map(({ expiresAt }) => expiresAt)}::timestamptz[], ${tasks}::uuid[]
      ) WITH ORDINALITY AS said (project, session, turn_id, role, content, expires_at, task, place)
      WHERE task IS NULL OR task IN (SELECT id FROM standing)
      ORDER BY place
      ON CONFLICT DO NOTHING`,
  );
}

type RecalledRow = { asked: bigint; role: string; content: string };

/** The latest `turnsMax` turns of each session that have not expired at `now`, oldest first, in the order of `sessions`. */
export async function recallTurns(
  prisma: PrismaClient,
  sessions: readonly { project: string; session: string }[],
  { now, turnsMax }: { now: Date; turnsMax: number },
): Promise<Memories["turns"][]> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<RecalledRow[]>`
      SELECT asked.place AS asked, latest.role, latest.content
      FROM unnest(${sessions.map(({ project }) => project)}::text[], ${sessions.map(({ session }) => session)}::text[])
        WITH ORDINALITY AS asked (project, session, place),
      LATERAL (
        SELECT position, role, content FROM memory_turn AS turn
        WHERE turn.project = asked.project AND turn.session = asked.session AND expires_at > ${now}
        ORDER BY position DESC LIMIT ${turnsMax}
      ) AS latest
      ORDER BY asked.place, latest.position`,
  );
  const bySession = Map.groupBy(rows, ({ asked }) => Number(asked));
  return sessions.map((_, index) => (bySession.get(index + 1) ?? []).map(({ role, content }) => ({ role, content })));
}

/** Deletes the turns that expired before `now`; returns their number. */
export async function forgetExpiredTurns(prisma: PrismaClient, now: Date): Promise<number> {
  const { count } = await prisma.memoryTurn.deleteMany({ where: { expiresAt: { lte: now } } });
  return count;
}
