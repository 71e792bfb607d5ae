import {
  findRolloutOf,
  listNewestRollouts,
  type PrismaClient,
  type RolloutRecord,
  readRollout,
  readRolloutRecord,
} from "@signalbox/db/prisma";
import { latestVerdict } from "@signalbox/evals";
import { AppError, isOfVersion, isUnderWay, type LiveVerdict } from "@signalbox/model";
import type { JudgedRollout, RolloutReader } from "./judgedRollout.ts";

/** So many verdicts of rollouts that are over are remembered: they do not change. */
const REMEMBERED_MAX = 1_000;

/** Reads rollouts from the state store, with what their gates say of the evidence that is on record: as of the last look. */
export function storedRollouts(prisma: PrismaClient): RolloutReader {
  const remembered = new Map<string, JudgedRollout>();
  const judge = async (id: string): Promise<JudgedRollout> => {
    const known = remembered.get(id);
    if (known !== undefined) return known;
    const record = await readRolloutRecord(prisma, id);
    const judged = { rollout: record.rollout, verdict: verdictOf(record) };
    if (!isUnderWay(record.rollout)) {
      if (remembered.size >= REMEMBERED_MAX) remembered.clear();
      remembered.set(id, judged);
    }
    return judged;
  };
  return {
    async newest({ project, gate }, candidate) {
      const newest = await findRolloutOf(prisma, { project, gate });
      if (newest === null || candidate === undefined) return newest === null ? null : judge(newest.id);
      // A delivery tool may know the version of the code alone.
      if (isOfVersion(newest.candidate, candidate)) return judge(newest.id);
      // What failed once stays so. A promotion that another rollout came after was found against a stable version of then, and opens nothing.
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
      return Promise.all((await listNewestRollouts(prisma, project)).map(judge));
    },
  };
}

/** What the gate says of a rollout's blocks at its last look; null before the first. */
function verdictOf({ rollout, lastLook, blocks }: RolloutRecord): LiveVerdict | null {
  return lastLook === null
    ? null
    : latestVerdict(
        rollout,
        blocks.map(({ block }) => block),
        Date.parse(lastLook.at),
      );
}
