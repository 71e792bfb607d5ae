import type { Memories } from "@signalbox/model";
import type { PrismaClient } from "./generated/client.ts";
import { askStateStore } from "./stateStore.ts";

/** A turn to remember. The same `turnId` of a session is remembered once. */
export type NewTurn = { project: string; session: string; turnId: string; role: string; content: string; expiresAt: Date };

/** Remembers a turn; one that is remembered already keeps its place and its expiry. */
export async function rememberTurn(prisma: PrismaClient, turn: NewTurn): Promise<void> {
  await askStateStore(() => prisma.memoryTurn.createMany({ data: [turn], skipDuplicates: true }));
}

/** The latest `turnsMax` turns of a session that have not expired at `now`, oldest first. */
export async function recallTurns(
  prisma: PrismaClient,
  of: { project: string; session: string; now: Date; turnsMax: number },
): Promise<Memories> {
  const rows = await askStateStore(() =>
    prisma.memoryTurn.findMany({
      where: { project: of.project, session: of.session, expiresAt: { gt: of.now } },
      orderBy: { position: "desc" },
      take: of.turnsMax,
    }),
  );
  return { turns: rows.reverse().map(({ role, content }) => ({ role, content })) };
}

/** Forgets what expired before `now`; returns how many turns went. */
export async function forgetExpiredTurns(prisma: PrismaClient, now: Date): Promise<number> {
  const { count } = await prisma.memoryTurn.deleteMany({ where: { expiresAt: { lte: now } } });
  return count;
}
