import { findRolloutOf, listNewestRollouts, type PrismaClient, readRollout, readRolloutStanding } from "@signalbox/db/prisma";
import { AppError, isOfVersion, isUnderWay, isVerdictOfNow } from "@signalbox/model";
import type { Logger } from "pino";
import type { JudgedRollout, NewestRollouts, RolloutReader } from "./judgedRollout.ts";

/** How many verdicts of finished rollouts are cached: they do not change. */
const REMEMBERED_MAX = 1_000;

/**
 * Reads rollouts from the state store with their gates' verdicts at the last look. The verdicts are stored; nothing is computed to answer.
 */
export function storedRollouts(prisma: PrismaClient, log: Logger): RolloutReader {
  const remembered = new Map<string, JudgedRollout>();
  const judge = async (id: string): Promise<JudgedRollout> => {
    const known = remembered.get(id);
    if (known !== undefined) return known;
    const standing = await readRolloutStanding(prisma, id);
    const { rollout, verdict, failure } = standing;
    const judged = { rollout, verdict, isOfNow: isVerdictOfNow(standing), failure };
    if (!isUnderWay(rollout)) {
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(id, judged);
    }
    return judged;
  };
  return {
    async newest({ project, gate }, candidate) {
      const newest = await findRolloutOf(prisma, { project, gate });
      if (newest === null || candidate === undefined) return newest === null ? null : judge(newest.id);
      // A delivery tool may know only the version of the code.
      if (isOfVersion(newest.candidate, candidate)) return judge(newest.id);
      // A failed rollout stays failed. A promotion with a later rollout was judged against an older stable version, and opens nothing.
      const earlier = await findRolloutOf(prisma, { project, gate, candidate });
      return earlier === null || earlier.phase === "promoted" ? null : judge(earlier.id);
    },
    async byId({ project, gate }, id) {
      const rollout = await readRollout(prisma, id).catch((error: unknown) => {
        if (error instanceof AppError && error.code === "not_found") return null;
        throw error;
      });
      return rollout?.project === project && rollout.gate === gate ? judge(id) : null;
    },
    async newestOfEach(project) {
      const named = await listNewestRollouts(prisma, project);
      const found: NewestRollouts = { judged: [], unreadable: [] };
      // A rollout that somebody changed in the store affects no other; but a store that is away is away for all of them.
      for (const [index, read] of (await Promise.allSettled(named.map(({ id }) => judge(id)))).entries()) {
        const { id, ...place } = named[index] ?? { id: "", project: "", gate: "" };
        if (read.status === "fulfilled") found.judged.push(read.value);
        else if (read.reason instanceof AppError && read.reason.code === "upstream_unavailable") throw read.reason;
        else {
          log.warn({ rollout: id, ...place, err: read.reason }, "a rollout cannot be read: its gate's numbers are missing");
          found.unreadable.push(place);
        }
      }
      return found;
    },
  };
}
