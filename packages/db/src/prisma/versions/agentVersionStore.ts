import { AgentManifest, type AgentVersion, AppError, nearestName } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/**
 * A version on record. `registeredAt` and `seenAt` are ISO 8601, UTC; `seenAt` is when a worker ran as it last, null where none ever did.
 */
export type RegisteredVersion = AgentVersion & { registeredAt: string; seenAt: string | null };

function toRegistered({ name, hash, build, manifest, registeredAt, seenAt }: Prisma.AgentVersionRowGetPayload<object>): RegisteredVersion {
  const read = AgentManifest.safeParse(manifest);
  if (!read.success)
    throw new AppError("infrastructure", `What version ${name} of the agent is cannot be read by this Signalbox.`, {
      cause: read.error,
      hint: "Another Signalbox registered it: use that one.",
    });
  const times = { registeredAt: registeredAt.toISOString(), seenAt: seenAt?.toISOString() ?? null };
  return { name, hash, build, manifest: read.data, ...times };
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

/** Up to `rowsMax` versions, the latest first, without those whose manifest says what this code cannot read. */
export async function listAgentVersions(prisma: PrismaClient, rowsMax: number): Promise<RegisteredVersion[]> {
  const rows = await askStateStore(() =>
    prisma.agentVersionRow.findMany({ orderBy: [{ registeredAt: "desc" }, { name: "asc" }], take: rowsMax }),
  );
  return rows.flatMap((row) => (AgentManifest.safeParse(row.manifest).success ? [toRegistered(row)] : []));
}

/** A version by its name; undefined where there is none. */
export async function findAgentVersion(prisma: PrismaClient, name: string): Promise<RegisteredVersion | undefined> {
  const row = await askStateStore(() => prisma.agentVersionRow.findUnique({ where: { name } }));
  return row === null ? undefined : toRegistered(row);
}

/** The builds of which a worker was seen since a time. */
export async function listServedBuilds(prisma: PrismaClient, since: Date): Promise<string[]> {
  const where = { seenAt: { gt: since } };
  const rows = await askStateStore(() => prisma.agentVersionRow.findMany({ where, select: { build: true }, distinct: ["build"] }));
  return rows.map(({ build }) => build);
}

/** How many versions are looked through for those of tasks. */
const MANIFESTS_MAX = 1_000;

/**
 * What is known of the versions that may have served tasks, by name, and of the one to replay `against`. Throws `not_found` that
 * names the nearest for one that nobody registered; whether the code of which only the version is named is here, the runtime knows.
 */
export async function readManifests(prisma: PrismaClient, against: string | null): Promise<Record<string, AgentManifest>> {
  const versions = await listAgentVersions(prisma, MANIFESTS_MAX);
  const asked = against?.includes("+") ? [await requireAgentVersion(prisma, against)] : [];
  return Object.fromEntries([...versions, ...asked].map(({ name, manifest }) => [name, manifest]));
}

/** How many versions are looked through for one that somebody may have meant. */
const NEAR_ROWS_MAX = 1_000;

/** The version of a name. Throws `not_found` that says which name is nearest. */
export async function requireAgentVersion(prisma: PrismaClient, name: string): Promise<RegisteredVersion> {
  const version = await findAgentVersion(prisma, name);
  if (version === undefined) throw await versionNotFound(prisma, "not_found", name);
  return version;
}

/** The error that there is no version of a name, and which of those that there are is nearest. */
export async function versionNotFound(prisma: PrismaClient, code: "not_found" | "invalid_input", name: string): Promise<AppError> {
  const rows = await askStateStore(() =>
    prisma.agentVersionRow.findMany({ orderBy: [{ registeredAt: "desc" }], take: NEAR_ROWS_MAX, select: { name: true } }),
  );
  const nearest = nearestName(
    name,
    rows.map((row) => row.name),
  );
  return new AppError(code, `There is no version ${JSON.stringify(name)} of the agent.`, {
    hint:
      nearest === undefined
        ? "No worker has registered one yet."
        : `Do you mean ${nearest}? \`./signalbox version list\` shows all of them.`,
  });
}
