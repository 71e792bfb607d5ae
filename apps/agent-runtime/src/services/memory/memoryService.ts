import { type PrismaClient, recallTurns, rememberTurn } from "@signalbox/db/prisma";
import type { MemoryService } from "@signalbox/model";
import { type Clock, dateOfUs } from "../../clock.ts";

/** How much is remembered of a session, and for how long. */
export type MemoryLimits = { turnsMax: number; turnTtlMs: number };

/** A session's latest twenty turns, for a day. */
export const MEMORY_LIMITS: MemoryLimits = { turnsMax: 20, turnTtlMs: 24 * 60 * 60 * 1_000 };

/** Short-term memory on PostgreSQL. A turn expires `turnTtlMs` after it was first remembered. */
export function openMemoryService(prisma: PrismaClient, clock: Clock, limits: MemoryLimits = MEMORY_LIMITS): MemoryService {
  return {
    recall: ({ project, session }) => recallTurns(prisma, { project, session, now: dateOfUs(clock.nowUs()), turnsMax: limits.turnsMax }),
    remember: (turn) => rememberTurn(prisma, { ...turn, expiresAt: dateOfUs(clock.nowUs() + limits.turnTtlMs * 1_000) }),
  };
}
