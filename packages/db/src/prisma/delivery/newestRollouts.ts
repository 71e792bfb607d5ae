import { Prisma, type PrismaClient } from "../generated/client.ts";
import type { RolloutName } from "../rollouts/readRollouts.ts";
import { askStateStore } from "../stateStore.ts";

/** An upper bound: more gates than anybody has. */
const GATES_MAX = 1_000;

/** The newest rollout of each gate, by name, of one project or of all (null). */
export async function listNewestRollouts(
  prisma: PrismaClient,
  project: string | null,
): Promise<Pick<RolloutName, "id" | "project" | "gate">[]> {
  const ofProject = project === null ? Prisma.empty : Prisma.sql`WHERE project = ${project}`;
  return askStateStore(
    () => prisma.$queryRaw<Pick<RolloutName, "id" | "project" | "gate">[]>`
      SELECT DISTINCT ON (project, gate) id::text AS id, project, gate FROM rollout ${ofProject} ORDER BY project, gate, started_at DESC, id LIMIT ${GATES_MAX}`,
  );
}
