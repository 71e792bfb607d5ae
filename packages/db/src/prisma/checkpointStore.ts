import {
  AppError,
  type Checkpoint,
  type CheckpointFacts,
  checkpointHash,
  entryLeaf,
  LOG_START,
  type LogEntry,
  type LoggedErasure,
  MerkleLog,
} from "@signalbox/model";
import type { Prisma, PrismaClient } from "./generated/client.ts";
import { askStateStore } from "./stateStore.ts";

/** Who makes a checkpoint, and who has entries erased, hold this lock of PostgreSQL's: any fixed number. */
const CHECKPOINT_LOCK = 7_216_409_708n;

/** A checkpoint of so much news is made in this time, or not at all. */
const MAKING_MS_MAX = 120_000;

/** So many entries are written in one statement. */
const ENTRIES_PER_STATEMENT = 5_000;

/** What came of a round: `more` tells that there is news beyond what one checkpoint takes. */
export type CheckpointRound = { checkpoint: Checkpoint | null; more: boolean };

type CheckpointRecord = Prisma.CheckpointRowGetPayload<object>;
type Head = { taskId: string; seq: number; hash: string; signedSeq: number | null };
type ErasedEntry = { position: bigint; erasure: string };

/** A checkpoint as it was signed. */
export function toCheckpoint({ frontier: _, ...row }: CheckpointRecord): Checkpoint {
  const counts = { size: Number(row.size), tasks: Number(row.tasks), events: Number(row.events), erased: Number(row.erased) };
  return { v: 1, ...row, ...counts, time: row.time.toISOString() };
}

/** The last checkpoint; null before the first. */
export async function lastCheckpoint(prisma: PrismaClient): Promise<Checkpoint | null> {
  const row = await askStateStore(() => prisma.checkpointRow.findFirst({ orderBy: { number: "desc" } }));
  return row === null ? null : toCheckpoint(row);
}

/** Up to `rowsMax` checkpoints after the one of `number`, in order. */
export async function listCheckpointsAfter(prisma: PrismaClient, number: number, rowsMax: number): Promise<Checkpoint[]> {
  const rows = await askStateStore(() =>
    prisma.checkpointRow.findMany({ where: { number: { gt: number } }, orderBy: { number: "asc" }, take: rowsMax }),
  );
  return rows.map(toCheckpoint);
}

/** Up to which checkpoint a target was told; 0 before the first. */
export async function exportedUpTo(prisma: PrismaClient, target: string): Promise<number> {
  const row = await askStateStore(() => prisma.checkpointExport.findUnique({ where: { target } }));
  return row?.number ?? 0;
}

/** Remembers that a target was told of the checkpoints up to `number`. */
export async function rememberExport(prisma: PrismaClient, target: string, number: number): Promise<void> {
  await askStateStore(() => prisma.checkpointExport.upsert({ where: { target }, create: { target, number }, update: { number } }));
}

/** Waits until no checkpoint is being made, and keeps it so until the transaction ends. */
export async function holdCheckpoints(transaction: Prisma.TransactionClient): Promise<void> {
  await transaction.$queryRaw`SELECT FROM pg_advisory_xact_lock_shared(${CHECKPOINT_LOCK})`;
}

/** Leaves of the entries of erased tasks their leaves alone, and makes that news for the next checkpoint. Whoever calls it holds checkpoints, and `erasure` is the transaction's. */
export async function eraseEntries(transaction: Prisma.TransactionClient, taskIds: readonly string[], erasure: string): Promise<void> {
  await transaction.$executeRaw`DELETE FROM checkpoint_news WHERE task_id = ANY(${taskIds}::uuid[])`;
  const entries = await transaction.$queryRaw<{ position: bigint; taskId: string; seq: number; hash: string }[]>`
    SELECT position, task_id AS "taskId", seq, hash FROM checkpoint_entry WHERE task_id = ANY(${taskIds}::uuid[])`;
  if (entries.length === 0) return;
  const leaves = entries.map(({ position: _, ...head }) => entryLeaf({ kind: "head", ...head }).toString("hex"));
  await transaction.$executeRaw`
    WITH erased AS (
      UPDATE checkpoint_entry SET task_id = NULL, seq = NULL, hash = NULL, erasure = ${erasure}::uuid, leaf = decode(asked.leaf, 'hex')
      FROM unnest(${entries.map(({ position }) => position)}::bigint[], ${leaves}::text[]) AS asked (position, leaf)
      WHERE checkpoint_entry.position = asked.position
      RETURNING checkpoint_entry.position
    )
    INSERT INTO checkpoint_news (position, erasure) SELECT position, ${erasure}::uuid FROM erased`;
}

/**
 * Makes the next checkpoint over what is new, up to `newsMax` pieces of it, if anything is. What is not committed when it looks is news for the next one; what is written meanwhile may be in it.
 * `sign` is told what it says.
 */
export async function makeCheckpoint(
  prisma: PrismaClient,
  { now, newsMax, sign }: { now: Date; newsMax: number; sign: (facts: CheckpointFacts) => Checkpoint },
): Promise<CheckpointRound> {
  return askStateStore(() =>
    prisma.$transaction(
      async (transaction) => {
        await transaction.$queryRaw`SELECT FROM pg_advisory_xact_lock(${CHECKPOINT_LOCK})`;
        const last = await transaction.checkpointRow.findFirst({ orderBy: { number: "desc" } });
        const { heads, erased, more } = await takeNews(transaction, newsMax);
        if (heads.length + erased.length === 0) return { checkpoint: null, more };

        const tree = goOnFrom(last);
        const from = tree.size;
        const erasures = await findErasures(transaction, erased);
        const entries: LogEntry[] = [
          ...heads.map(({ taskId, seq, hash }): LogEntry => ({ kind: "head", taskId, seq, hash })),
          ...erased.map(({ position, erasure }): LogEntry => ({ kind: "erased", position: Number(position), erasure: erasures(erasure) })),
        ];
        for (const entry of entries) tree.append(entryLeaf(entry));
        await writeEntries(transaction, from, entries);

        const isFirst = ({ signedSeq }: Head): boolean => signedSeq === null;
        const checkpoint = sign({
          number: (last?.number ?? 0) + 1,
          time: now.toISOString(),
          size: tree.size,
          root: tree.root,
          prevHash: last?.hash ?? LOG_START,
          tasks: Number(last?.tasks ?? 0) + heads.filter(isFirst).length,
          events: heads.reduce((events, { seq, signedSeq }) => events + seq - (signedSeq ?? -1), Number(last?.events ?? 0)),
          erased: Number(last?.erased ?? 0) + erased.length,
        });
        const { v: _, ...row } = checkpoint;
        await transaction.checkpointRow.create({ data: { ...row, frontier: tree.frontier } });
        return { checkpoint, more };
      },
      { timeout: MAKING_MS_MAX, maxWait: MAKING_MS_MAX },
    ),
  );
}

/** The log up to the last checkpoint. Throws where that is not what was signed: nothing is signed on top of it. */
function goOnFrom(last: CheckpointRecord | null): MerkleLog {
  if (last === null) return new MerkleLog();
  const tree = new MerkleLog(Number(last.size), last.frontier);
  if (tree.root === last.root && checkpointHash(toCheckpoint(last)) === last.hash) return tree;
  throw new AppError("conflict", `Checkpoint ${last.number} is not what was signed, so no other one is made.`, {
    hint: "./signalbox decisions verify says what else was changed.",
  });
}

/** Takes news away and answers what it is about: the heads of chains that have grown, and entries that erasures took. */
async function takeNews(
  transaction: Prisma.TransactionClient,
  newsMax: number,
): Promise<{ heads: Head[]; erased: ErasedEntry[]; more: boolean }> {
  const taken = await transaction.$queryRaw<{ taskId: string | null; position: bigint | null; erasure: string | null }[]>`
    DELETE FROM checkpoint_news WHERE ctid = ANY(ARRAY(SELECT ctid FROM checkpoint_news LIMIT ${newsMax}))
    RETURNING task_id AS "taskId", position, erasure`;
  const ids = [...new Set(taken.flatMap(({ taskId }) => taskId ?? []))];
  const heads = await transaction.$queryRaw<Head[]>`
    SELECT asked.id AS "taskId", head.seq, head.hash, signed.seq AS "signedSeq"
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (SELECT seq, hash FROM decision WHERE task_id = asked.id ORDER BY seq DESC LIMIT 1) AS head
    LEFT JOIN LATERAL (SELECT seq FROM checkpoint_entry WHERE task_id = asked.id ORDER BY seq DESC LIMIT 1) AS signed ON true
    WHERE signed.seq IS NULL OR signed.seq < head.seq
    ORDER BY asked.id`;
  const erased = taken.flatMap(({ position, erasure }) => (position === null || erasure === null ? [] : [{ position, erasure }]));
  return { heads, erased: erased.sort((one, other) => Number(one.position - other.position)), more: taken.length === newsMax };
}

/** Looks up the erasures that took entries. */
async function findErasures(transaction: Prisma.TransactionClient, erased: readonly ErasedEntry[]): Promise<(id: string) => LoggedErasure> {
  const rows = await transaction.erasureRow.findMany({ where: { id: { in: [...new Set(erased.map(({ erasure }) => erasure))] } } });
  const byId = new Map(
    rows.map(({ id, project, kind, subjectDigest, actor, begunAt }) => [
      id,
      { id, project, kind, subjectDigest, actor, begunAt: begunAt.toISOString() },
    ]),
  );
  return (id) => {
    const erasure = byId.get(id);
    if (erasure === undefined) throw new TypeError(`the erasure ${id} is not on record`);
    return erasure;
  };
}

async function writeEntries(transaction: Prisma.TransactionClient, from: number, entries: readonly LogEntry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += ENTRIES_PER_STATEMENT) {
    const page = entries.slice(at, at + ENTRIES_PER_STATEMENT);
    const heads = page.map((entry) => (entry.kind === "head" ? entry : null));
    const erased = page.map((entry) => (entry.kind === "erased" ? entry : null));
    await transaction.$executeRaw`
      INSERT INTO checkpoint_entry (position, task_id, seq, hash, erasure, erased_position)
      SELECT * FROM unnest(
        ${page.map((_, index) => from + at + index)}::bigint[],
        ${heads.map((head) => head?.taskId ?? null)}::uuid[], ${heads.map((head) => head?.seq ?? null)}::integer[], ${heads.map((head) => head?.hash ?? null)}::text[],
        ${erased.map((entry) => entry?.erasure.id ?? null)}::uuid[], ${erased.map((entry) => entry?.position ?? null)}::bigint[])`;
  }
}
