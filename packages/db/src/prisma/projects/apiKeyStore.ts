import {
  ApiKey,
  AppError,
  type KeyCredentials,
  KeyScope,
  type KnownKey,
  type NewApiKey,
  newId,
  newKeyCredentials,
  secretEnding,
  secretHash,
} from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { requireProject } from "./projectStore.ts";

type ApiKeyFields = Omit<Prisma.ApiKeyRowGetPayload<object>, "secretHash">;

const isoOf = (date: Date | null): string | null => date?.toISOString() ?? null;

function toApiKey(row: ApiKeyFields): ApiKey {
  const { createdAt, expiresAt, lastUsedAt, revokedAt, ...fields } = row;
  const times = { createdAt: isoOf(createdAt), expiresAt: isoOf(expiresAt), lastUsedAt: isoOf(lastUsedAt), revokedAt: isoOf(revokedAt) };
  return ApiKey.parse({ ...fields, ...times });
}

/**
 * Creates a key. Only this answer contains its secret. Throws `not_found` without
 * such a project, `conflict` while a working key of that name exists there.
 */
export async function createApiKey(
  prisma: PrismaClient,
  wanted: NewApiKey,
  now: Date,
): Promise<{ key: ApiKey; credentials: KeyCredentials }> {
  await requireProject(prisma, wanted.project);
  const credentials = newKeyCredentials(wanted.kind);
  const row = newRow(wanted, credentials, now);
  if (!(await insertKey(prisma, row, credentials.secret)))
    throw new AppError("conflict", `A key named "${wanted.name}" works in project ${wanted.project} already.`, {
      hint: "Choose another name, or revoke that key first.",
    });
  return { key: toApiKey(row), credentials };
}

/**
 * Registers a key for a secret that a program of ours keeps. An existing key with this
 * secret stays as it is, revoked or not. Throws `not_found` without such a project.
 */
export async function admitSecret(prisma: PrismaClient, wanted: NewApiKey, secret: string, now: Date): Promise<void> {
  await requireProject(prisma, wanted.project);
  await insertKey(prisma, newRow(wanted, { secret, publicKey: null }, now), secret);
}

function newRow(wanted: NewApiKey, { secret, publicKey }: KeyCredentials, now: Date) {
  const expiresAt = wanted.expiresAt === null ? null : new Date(wanted.expiresAt);
  return { id: newId(), ...wanted, publicKey, ending: secretEnding(secret), createdAt: now, expiresAt, lastUsedAt: null, revokedAt: null };
}

/** Whether the row was inserted. */
async function insertKey(prisma: PrismaClient, row: ApiKeyFields, secret: string): Promise<boolean> {
  const data = { ...row, secretHash: secretHash(secret) };
  const { count } = await askStateStore(() => prisma.apiKeyRow.createMany({ data: [data], skipDuplicates: true }));
  return count > 0;
}

/** Up to `rowsMax` keys of a project: working ones first, newest first. */
export async function listApiKeys(prisma: PrismaClient, project: string, rowsMax: number): Promise<ApiKey[]> {
  const rows = await askStateStore(() =>
    prisma.apiKeyRow.findMany({
      where: { project },
      omit: { secretHash: true },
      orderBy: [{ revokedAt: { sort: "desc", nulls: "first" } }, { createdAt: "desc" }, { id: "asc" }],
      take: rowsMax,
    }),
  );
  return rows.map(toApiKey);
}

/** Revokes a key for good; one that is already revoked stays as it is. Throws `not_found` without such a key. */
export async function revokeApiKey(prisma: PrismaClient, id: string, now: Date): Promise<ApiKey> {
  await askStateStore(() => prisma.apiKeyRow.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } }));
  const row = await askStateStore(() => prisma.apiKeyRow.findUnique({ where: { id }, omit: { secretHash: true } }));
  if (row === null)
    throw new AppError("not_found", `There is no key ${id}.`, { hint: "`./signalbox key list` shows those that there are." });
  return toApiKey(row);
}

/** The use of a short-lived key, which begins its name; an id follows. */
export type PassingKeyUse = "redrive" | "eval" | "relay";

/** Deletes short-lived keys: those of `ids`, and those for the same use that have expired at `now` and were left by a killed process. */
export async function deletePassingKeys(prisma: PrismaClient, use: PassingKeyUse, ids: readonly string[], now: Date): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
      DELETE FROM api_key WHERE name ~ ${`^${use} [0-9a-f-]{36}$`} AND (id = ANY(${[...ids]}::uuid[]) OR expires_at <= ${now})`,
  );
}

/** Every key, including expired and revoked ones, so that requests with one get a precise error. */
export async function listKnownKeys(prisma: PrismaClient): Promise<KnownKey[]> {
  const rows = await askStateStore(() =>
    prisma.apiKeyRow.findMany({
      select: {
        ...{ id: true, project: true, secretHash: true, publicKey: true },
        ...{ scopes: true, requestsPerMinuteMax: true, expiresAt: true, revokedAt: true },
      },
    }),
  );
  return rows.map((row) => ({
    ...row,
    scopes: row.scopes.map((scope) => KeyScope.parse(scope)),
    expiresAt: row.expiresAt?.getTime() ?? null,
    revokedAt: row.revokedAt?.getTime() ?? null,
  }));
}

/** Records that keys were used at `usedAt`. */
export async function touchApiKeys(prisma: PrismaClient, ids: readonly string[], usedAt: Date): Promise<void> {
  await askStateStore(() => prisma.apiKeyRow.updateMany({ where: { id: { in: [...ids] } }, data: { lastUsedAt: usedAt } }));
}
