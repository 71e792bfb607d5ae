import { type FollowedErasure, knownTasks, listErasuresToFollow, type PrismaClient, subjectDigest, taskOfTurn } from "@signalbox/db/prisma";
import { type Loop, openLoop } from "@signalbox/listener";
import type { Logger } from "pino";
import { type Clock, dateOfUs } from "../../clock.ts";
import type { KeptTurns } from "./redisMemory.ts";

const LOOK_EVERY_MS = 2_000;

/**
 * How long an erasure is followed after its end, in milliseconds: a worker may still have written a turn of a task that was being erased.
 */
const FOLLOWED_MS = 60_000;

/** Deletes the turns that an erasure covers: those of a whole session or project, or those whose task is gone. */
export async function followErasure(
  turns: KeptTurns,
  prisma: PrismaClient,
  { project, kind, subjectDigest: digest }: FollowedErasure,
): Promise<void> {
  for await (const session of turns.sessions(project)) {
    const isErased = kind === "project" || (kind === "session" && subjectDigest({ kind, value: session.session }) === digest);
    const ids = isErased ? [] : await turns.turnIds(session);
    const known = await knownTasks(prisma, [...new Set(ids.flatMap((id) => taskOfTurn(id) ?? []))]);
    const gone = ids.filter((id) => {
      const task = taskOfTurn(id);
      return task !== null && !known.has(task);
    });
    await turns.forget(session, isErased ? "all" : gone);
  }
}

/** Follows recorded erasures for turns that are not among the rows they delete. The first look goes back as far as a turn lives. */
export function followErasures(
  turns: KeptTurns,
  prisma: PrismaClient,
  { clock, log, turnTtlMs }: { clock: Clock; log: Logger; turnTtlMs: number },
): Loop {
  const ago = (ms: number): Date => dateOfUs(clock.nowUs() - ms * 1_000);
  let lookedAt: Date | null = null;
  return openLoop("erased turns", LOOK_EVERY_MS, log, async () => {
    const now = ago(0);
    const begunAfter = ago(turnTtlMs);
    const endedAfter = lookedAt === null ? begunAfter : new Date(lookedAt.getTime() - FOLLOWED_MS);
    for (const erasure of await listErasuresToFollow(prisma, { endedAfter, begunAfter })) await followErasure(turns, prisma, erasure);
    lookedAt = now;
    return "idle";
  });
}
