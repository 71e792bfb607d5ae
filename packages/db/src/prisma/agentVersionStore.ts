import { AgentManifest, type AgentVersion, AppError, nearestName } from "@signalbox/model";
import type { Prisma, PrismaClient } from "./generated/client.ts";
import { askStateStore } from "./stateStore.ts";

/** A version on record. `registeredAt` and `seenAt` are ISO 8601, UTC; `seenAt` is when a worker ran as it last, null where none ever did. */
export type RegisteredVersion = AgentVersion & { registeredAt: string; seenAt: string | null };

function toRegistered({ name, hash, build, manifest, registeredAt, seenAt }: Prisma.AgentVersionRowGetPayload<object>): RegisteredVersion {
  const times = { registeredAt: registeredAt.toISOString(), seenAt: seenAt?.toISOString() ?? null };
  return { name, hash, build, manifest: AgentManifest.parse(manifest), ...times };
}

/** Puts a version on record; one that is there stays as it is. A worker that runs as it (`isServed`) is seen now. */
export async function registerAgentVersion(
  prisma: PrismaClient,
  { name, hash, build, manifest }: AgentVersion,
  { now, isServed }: { now: Date; isServed: boolean },
): Promise<void> {
  await askStateStore(() =>
    prisma.agentVersionRow.upsert({
      where: { name },
      create: { name, hash, build, manifest, registeredAt: now, seenAt: isServed ? now : null },
      update: isServed ? { seenAt: now } : {},
    }),
  );
}

/** Up to `rowsMax` versions, the latest first. */
export async function listAgentVersions(prisma: PrismaClient, rowsMax: number): Promise<RegisteredVersion[]> {
  const rows = await askStateStore(() =>
    prisma.agentVersionRow.findMany({ orderBy: [{ registeredAt: "desc" }, { name: "asc" }], take: rowsMax }),
  );
  return rows.map(toRegistered);
}

/** How many versions are looked through for one that somebody may have meant. */
const NEAR_ROWS_MAX = 1_000;

/** The version of a name. Throws `not_found` that says which name is nearest. */
export async function requireAgentVersion(prisma: PrismaClient, name: string): Promise<RegisteredVersion> {
  const row = await askStateStore(() => prisma.agentVersionRow.findUnique({ where: { name } }));
  if (row !== null) return toRegistered(row);
  const names = (await listAgentVersions(prisma, NEAR_ROWS_MAX)).map((version) => version.name);
  throw versionNotFound("not_found", name, names);
}

/** That there is no version of a name, and which of `names` is nearest. */
export function versionNotFound(code: "not_found" | "invalid_input", name: string, names: readonly string[]): AppError {
  const nearest = nearestName(name, names);
  return new AppError(code, `There is no version ${JSON.stringify(name)} of the agent.`, {
    hint:
      nearest === undefined
        ? "No worker has registered one yet."
        : `Do you mean ${nearest}? \`./signalbox version list\` shows all of them.`,
  });
}
