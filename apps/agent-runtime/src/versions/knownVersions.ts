import { type PrismaClient, requireAgentVersion } from "@signalbox/db/prisma";
import type { AgentManifest, AgentVersion } from "@signalbox/model";

/** What a version is by its name. A version never changes, so each is read once. */
export type ManifestOf = (name: string) => Promise<AgentManifest>;

/** The versions that a worker serves beside its `own`. */
export function openKnownVersions(prisma: PrismaClient, own: AgentVersion): ManifestOf {
  const known = new Map([[own.name, own.manifest]]);
  return async (name) => {
    const manifest = known.get(name) ?? (await requireAgentVersion(prisma, name)).manifest;
    known.set(name, manifest);
    return manifest;
  };
}
