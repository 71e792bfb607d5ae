import { AgentManifest, type AgentVersion, AppError, nearestName } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/**
 * A registered version. `registeredAt` and `seenAt` are ISO 8601, UTC; `seenAt` is when a worker last ran as it, null where none ever did.
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

/** Registers a version; an existing one stays as it is. With `isServed`, a worker runs as it and is seen now. */
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

/** Up to `rowsMax` versions, latest first, without those whose manifest this code cannot read. */
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

/** The most versions that are read to find those of tasks. */
const MANIFESTS_MAX = 1_000;

/**
 * The known manifests of the versions that may have served tasks, by name, and of the one to replay `against`. Throws `not_found`,
 * with the nearest name, for an unregistered one; for a code version alone, only the runtime knows whether it has that code.
 */
export async function readManifests(prisma: PrismaClient, against: string | null): Promise<Record<string, AgentManifest>> {
  const versions = await listAgentVersions(prisma, MANIFESTS_MAX);
  const asked = against?.includes("+") ? [await requireAgentVersion(prisma, against)] : [];
  return Object.fromEntries([...versions, ...asked].map(({ name, manifest }) => [name, manifest]));
}

/** The most versions that are searched for the nearest name. */
const NEAR_ROWS_MAX = 1_000;

/** A version by its name. Throws `not_found`, with the nearest name as a hint. */
export async function requireAgentVersion(prisma: PrismaClient, name: string): Promise<RegisteredVersion> {
  const version = await findAgentVersion(prisma, name);
  if (version === undefined) throw await versionNotFound(prisma, "not_found", name);
  return version;
}

/** The error for an unknown version name, with the nearest known one. */
export async function versionNotFound(prisma: PrismaClient, code: "not_found" | "invalid_input", name: string): Promise<AppError> {
  const rows = await askStateStore(() =>
    prisma.agentVersionRow.findMany({ orderBy: [{ registeredAt: "desc" }, { name: "asc" }], take: NEAR_ROWS_MAX, select: { name: true } }),
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
