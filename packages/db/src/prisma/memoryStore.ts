import type { Memories } from "@signalbox/model";
import type { PrismaClient } from "./generated/client.ts";
import { askStateStore } from "./stateStore.ts";

/** A turn to remember. The same `turnId` of a session is remembered once. */
export type NewTurn = { project: string; session: string; turnId: string; role: string; content: string; expiresAt: Date };

/** Remembers turns, in their order; one that is remembered already keeps its place and its expiry. */
export async function rememberTurns(prisma: PrismaClient, turns: readonly NewTurn[]): Promise<void> {
  await askStateStore(() => prisma.memoryTurn.createMany({ data: [...turns], skipDuplicates: true }));
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

/** Forgets what expired before `now`; returns how many turns went. */
export async function forgetExpiredTurns(prisma: PrismaClient, now: Date): Promise<number> {
  const { count } = await prisma.memoryTurn.deleteMany({ where: { expiresAt: { lte: now } } });
  return count;
}
