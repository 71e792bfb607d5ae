import { listAgentVersions, type PrismaClient, requireAgentVersion } from "@signalbox/db/prisma";
import type { AgentManifest, ReplayPlan } from "@signalbox/model";

/** So many versions are looked through for those of the tasks. */
const VERSIONS_MAX = 1_000;

/** What is known of the versions that may have served tasks, and of the one to replay against. Throws `not_found` that names the nearest for one that nobody registered. */
export async function readManifests(
  prisma: PrismaClient,
  { against }: Pick<ReplayPlan, "against">,
): Promise<Record<string, AgentManifest>> {
  const versions = await listAgentVersions(prisma, VERSIONS_MAX);
  // A code's version alone stands for whichever version of it served the task; whether that code is here, the runtime knows.
  const asked = against?.includes("+") ? [await requireAgentVersion(prisma, against)] : [];
  return Object.fromEntries([...versions, ...asked].map(({ name, manifest }) => [name, manifest]));
}
