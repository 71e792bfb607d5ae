import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** More gates than anybody has. */
const GATES_MAX = 1_000;

/** The ids of the newest rollout of each gate, of one project or of all (null). */
export async function listNewestRollouts(prisma: PrismaClient, project: string | null): Promise<string[]> {
  const ofProject = project === null ? Prisma.empty : Prisma.sql`WHERE project = ${project}`;
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT ON (project, gate) id FROM rollout ${ofProject} ORDER BY project, gate, started_at DESC, id LIMIT ${GATES_MAX}`,
  );
  return rows.map(({ id }) => id);
}
