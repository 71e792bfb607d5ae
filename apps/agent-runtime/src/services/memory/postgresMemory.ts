import { groupCommit, type PrismaClient, recallTurns, rememberTurns } from "@signalbox/db/prisma";
import { type Clock, dateOfUs } from "../../clock.ts";
import type { MemoryLimits, NewTurn, ShortTermMemory } from "./shortTermMemory.ts";

const ITEMS = { itemsMax: 64, bytesMax: 4 * 1024 * 1024 };

/** Turns in PostgreSQL; concurrent calls share one statement. */
export function openPostgresMemory(prisma: PrismaClient, clock: Clock, { turnsMax, turnTtlMs }: MemoryLimits): ShortTermMemory {
  const recall = groupCommit({ ...ITEMS, handoversMax: 2 }, (sessions: { project: string; session: string }[]) =>
    recallTurns(prisma, sessions, { now: dateOfUs(clock.nowUs()), turnsMax }),
  );
  // One statement at a time, so that turns keep the order in which they were said.
  const remember = groupCommit({ ...ITEMS, handoversMax: 1 }, async (turns: NewTurn[]) => {
    const expiresAt = dateOfUs(clock.nowUs() + turnTtlMs * 1_000);
    await rememberTurns(
      prisma,
      turns.map((turn) => ({ ...turn, expiresAt })),
    );
    return turns.map(() => undefined);
  });
  return {
    recall: (session) => recall(session, 0),
    remember: (turn) => remember(turn, turn.content.length),
    close: async () => {},
  };
}
