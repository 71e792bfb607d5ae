import { type PrismaClient, recallTurns, rememberTurn } from "@signalbox/db/prisma";
import { type Clock, dateOfUs } from "../../clock.ts";
import type { MemoryLimits, ShortTermMemory } from "./shortTermMemory.ts";

/** Turns in PostgreSQL. */
export function openPostgresMemory(prisma: PrismaClient, clock: Clock, { turnsMax, turnTtlMs }: MemoryLimits): ShortTermMemory {
  return {
    recall: async (session) => (await recallTurns(prisma, { ...session, now: dateOfUs(clock.nowUs()), turnsMax })).turns,
    remember: (turn) => rememberTurn(prisma, { ...turn, expiresAt: dateOfUs(clock.nowUs() + turnTtlMs * 1_000) }),
    close: async () => {},
  };
}
