import { type PrismaClient, requireAgentVersion } from "@signalbox/db/prisma";
import type { AgentManifest, AgentVersion } from "@signalbox/model";

/** Looks up a version's manifest by name. A version never changes, so each is read once. */
export type ManifestOf = (name: string) => Promise<AgentManifest>;

/** Opens the lookup of manifests, starting with the worker's `own` version. */
export function openKnownVersions(prisma: PrismaClient, own: AgentVersion): ManifestOf {
  const known = new Map([[own.name, own.manifest]]);
  return async (name) => {
    const manifest = known.get(name) ?? (await requireAgentVersion(prisma, name)).manifest;
    known.set(name, manifest);
    return manifest;
  };
}
