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
      const exact = await findRolloutOf(prisma, { project, gate, candidate });
      if (exact !== null || candidate === undefined) return exact === null ? null : judge(exact.id);
      // A delivery tool may know the version of the code alone.
      const newest = await findRolloutOf(prisma, { project, gate });
      return newest !== null && isOfVersion(newest.candidate, candidate) ? judge(newest.id) : null;
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
