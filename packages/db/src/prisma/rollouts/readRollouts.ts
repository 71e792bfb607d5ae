import {
  AppError,
  type LiveVerdict,
  type LookFailure,
  type PerArm,
  ROLLOUTS_UNDER_WAY,
  type Rollout,
  type RolloutBlock,
  type RolloutEntry,
  type RolloutLook,
  type RolloutPhase,
} from "@signalbox/model";
import type { WeightInForce } from "../../gateEvidence/rolloutWindow.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { policyFault, toBlock, toEntry, toLook, toLookFailure, toRollout, toVerdict } from "./rolloutRows.ts";

const NEWEST_FIRST = [{ startedAt: "desc" as const }, { id: "asc" as const }];

/** The time limit for reading a record, which has thousands of blocks at most. */
const READ_TIMEOUT_MS = 30_000;

/** The error for an unknown rollout id. */
export const rolloutNotFound = (id: string): AppError =>
  new AppError("not_found", `There is no rollout ${id}.`, { hint: "`./signalbox rollout list` shows those that there are." });

/** A rollout. Throws `not_found`. */
export async function readRollout(prisma: PrismaClient, id: string): Promise<Rollout> {
  const row = await askStateStore(() => prisma.rolloutRow.findUnique({ where: { id } }));
  if (row === null) throw rolloutNotFound(id);
  return toRollout(row);
}

/**
 * A rollout with its policy as frozen (without later defaults), the hash over its looks and blocks
 * (null for one that began before hashes), and the last look's verdict. Throws `not_found`.
 */
export async function readFrozen(
  transaction: Prisma.TransactionClient,
  id: string,
): Promise<{ rollout: Rollout; frozenPolicy: Record<string, unknown>; evidenceHash: string | null; lastVerdict: LiveVerdict | null }> {
  const row = await transaction.rolloutRow.findUnique({ where: { id } });
  if (row === null) throw rolloutNotFound(id);
  const { policy, evidenceHash } = row;
  return { rollout: toRollout(row), frozenPolicy: policy as Record<string, unknown>, evidenceHash, lastVerdict: toVerdict(row) };
}

/** A query for rollouts: a filter, a limit, and the rollout (id) after which the page begins. */
export type RolloutPage = {
  project?: string | undefined;
  phase?: RolloutPhase | undefined;
  limit: number;
  cursor?: string | undefined;
};

/** A rollout with the settled units of its last look; null before the first look. */
export type ListedRollout = Rollout & { units: PerArm<number> | null };

/** A page of rollouts, latest first; `next` is the cursor of the following page, null where there is none. */
export async function listRollouts(
  prisma: PrismaClient,
  { project, phase, limit, cursor }: RolloutPage,
): Promise<{ rollouts: ListedRollout[]; next: string | null }> {
  const where = { ...(project === undefined ? {} : { project }), ...(phase === undefined ? {} : { phase }) };
  const page = { where, orderBy: NEWEST_FIRST, take: limit + 1 };
  const rows = await askStateStore(() =>
    cursor === undefined ? prisma.rolloutRow.findMany(page) : prisma.rolloutRow.findMany({ ...page, cursor: { id: cursor }, skip: 1 }),
  );
  const rollouts = rows.slice(0, limit).map((row) => ({ ...toRollout(row), units: toVerdict(row)?.units ?? null }));
  return { rollouts, next: rows.length > limit ? (rollouts.at(-1)?.id ?? null) : null };
}

/** The rollout of a project that is under way; null where none is. */
export async function currentRollout(prisma: PrismaClient, project: string): Promise<Rollout | null> {
  const row = await askStateStore(() => prisma.rolloutRow.findFirst({ where: { project, endedAt: null } }));
  return row === null ? null : toRollout(row);
}

/** A rollout's identity and subject. */
export type RolloutName = Pick<Rollout, "id" | "project" | "gate" | "candidate">;

/** The identities of all rollouts that are under way, oldest first, including any that cannot be read. */
export async function listRolloutsUnderWay(prisma: PrismaClient): Promise<RolloutName[]> {
  const where = { phase: { in: [...ROLLOUTS_UNDER_WAY] } };
  const select = { id: true, project: true, gate: true, candidate: true };
  return askStateStore(() => prisma.rolloutRow.findMany({ where, orderBy: [{ startedAt: "asc" }, { id: "asc" }], select }));
}

/** The latest rollout under a gate's name, optionally of one candidate and in one project; null where there was none. */
export async function findRolloutOf(
  prisma: PrismaClient,
  { gate, candidate, project }: { gate: string; candidate?: string | undefined; project?: string | undefined },
): Promise<Rollout | null> {
  const where = { gate, ...(candidate === undefined ? {} : { candidate }), ...(project === undefined ? {} : { project }) };
  const row = await askStateStore(() => prisma.rolloutRow.findFirst({ where, orderBy: NEWEST_FIRST }));
  return row === null ? null : toRollout(row);
}

/** The start of the next rollout under a rollout's gate (ISO 8601, UTC); null where there is none. */
export async function nextRolloutStart(
  prisma: PrismaClient,
  { project, gate, startedAt }: Pick<Rollout, "project" | "gate" | "startedAt">,
): Promise<string | null> {
  const where = { project, gate, startedAt: { gt: new Date(startedAt) } };
  const row = await askStateStore(() => prisma.rolloutRow.findFirst({ where, orderBy: { startedAt: "asc" }, select: { startedAt: true } }));
  return row?.startedAt.toISOString() ?? null;
}

/** Up to `rowsMax` entries of a rollout's log after number `after` (by default from the first), in order. */
export async function listRolloutEntries(
  prisma: Prisma.TransactionClient,
  id: string,
  { after = -1, rowsMax }: { after?: number; rowsMax: number },
): Promise<RolloutEntry[]> {
  const where = { rolloutId: id, number: { gt: after } };
  return (await askStateStore(() => prisma.rolloutEntryRow.findMany({ where, orderBy: { number: "asc" }, take: rowsMax }))).map(toEntry);
}

/** A rollout's blocks, all of them, in order: some thousand at most, as each has eight units or more. */
export async function listBlocks(prisma: Prisma.TransactionClient, id: string): Promise<RolloutBlock[]> {
  const rows = await askStateStore(() => prisma.rolloutBlockRow.findMany({ where: { rolloutId: id }, orderBy: { number: "asc" } }));
  return rows.map(toBlock);
}

/** The looks at a rollout, in order. */
export async function listLooks(prisma: Prisma.TransactionClient, id: string): Promise<RolloutLook[]> {
  return (await askStateStore(() => prisma.rolloutLookRow.findMany({ where: { rolloutId: id }, orderBy: { number: "asc" } }))).map(toLook);
}

/** The weights of a rollout's candidate, with the times from which they were in force by the store's clock, in order. */
export async function listWeights(prisma: Prisma.TransactionClient, id: string): Promise<WeightInForce[]> {
  const where = { rolloutId: id, kind: { in: ["started", "stepped"] } };
  const rows = await askStateStore(() => prisma.rolloutEntryRow.findMany({ where, orderBy: { number: "asc" } }));
  return rows.map(({ step, weight, writtenAt }) => ({ step, weight, from: writtenAt }));
}

/**
 * The state of a rollout: its log's last entry, its last look, and that look's verdict. `policyFault` says
 * that its policy is not the frozen one, `failure` that its looks fail; each is null where that is not so.
 */
export type RolloutStanding = {
  rollout: Rollout;
  policyFault: string | null;
  failure: LookFailure | null;
  looks: number;
  last: RolloutEntry;
  lastLook: RolloutLook | null;
  verdict: LiveVerdict | null;
};

/** The gate's input for a look: the rollout's state, the last verdict of its log, and its evidence so far. */
export type RolloutRecord = RolloutStanding & {
  lastVerdict: RolloutEntry["verdict"];
  blocks: RolloutBlock[];
  weights: WeightInForce[];
};

/** A consistent snapshot of a rollout's state, without its blocks. Throws `not_found`. */
export const readRolloutStanding = (prisma: PrismaClient, id: string): Promise<RolloutStanding> =>
  atOneMoment(prisma, (transaction) => standingOf(transaction, id));

/** A consistent snapshot of a rollout's whole record. Throws `not_found`. */
export const readRolloutRecord = (prisma: PrismaClient, id: string): Promise<RolloutRecord> =>
  atOneMoment(prisma, (transaction) => recordOf(transaction, id));

/** Runs several reads in one snapshot. */
export async function atOneMoment<T>(prisma: PrismaClient, read: (transaction: Prisma.TransactionClient) => Promise<T>): Promise<T> {
  return askStateStore(() => prisma.$transaction(read, { isolationLevel: "RepeatableRead", timeout: READ_TIMEOUT_MS }));
}

async function standingOf(transaction: Prisma.TransactionClient, id: string): Promise<RolloutStanding> {
  const row = await transaction.rolloutRow.findUnique({ where: { id } });
  if (row === null) throw rolloutNotFound(id);
  const newest = { orderBy: { number: "desc" as const }, take: 1 };
  const [last] = await transaction.rolloutEntryRow.findMany({ where: { rolloutId: id }, ...newest });
  const [look] = await transaction.rolloutLookRow.findMany({ where: { rolloutId: id }, ...newest });
  if (last === undefined) throw new TypeError("a rollout has no first entry");
  return {
    rollout: toRollout(row),
    policyFault: policyFault(row),
    failure: toLookFailure(row),
    looks: row.looks,
    last: toEntry(last),
    lastLook: look === undefined ? null : toLook(look),
    verdict: toVerdict(row),
  };
}

async function recordOf(transaction: Prisma.TransactionClient, id: string): Promise<RolloutRecord> {
  const standing = await standingOf(transaction, id);
  const judgedAt = { rolloutId: id, NOT: { verdict: { equals: Prisma.DbNull } } };
  const judged = await transaction.rolloutEntryRow.findFirst({ where: judgedAt, orderBy: { number: "desc" } });
  return {
    ...standing,
    lastVerdict: judged === null ? null : toEntry(judged).verdict,
    blocks: await listBlocks(transaction, id),
    weights: await listWeights(transaction, id),
  };
}

/** The state store's clock: all times of a rollout come from it, so that machines may disagree about the time. */
export async function storeNow(prisma: PrismaClient): Promise<Date> {
  const [row] = await askStateStore(() => prisma.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`);
  if (row === undefined) throw new TypeError("the store has no clock");
  return row.now;
}
