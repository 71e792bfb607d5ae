import type { KeyObject } from "node:crypto";
import {
  AppError,
  type Checkpoint,
  checkpointFault,
  entryLeaf,
  LOG_START,
  type LogEntry,
  type LoggedErasure,
  MerkleLog,
  signCheckpoint,
} from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** The PostgreSQL advisory lock for making a checkpoint and for erasing entries: any fixed number. */
const CHECKPOINT_LOCK = 7_216_409_708n;

/** The time limit for making a checkpoint. */
const MAKING_MS_MAX = 120_000;

/** The number of entries written per statement. */
const ENTRIES_PER_STATEMENT = 5_000;

/**
 * The result of a round. `more`: there is news beyond what one checkpoint takes;
 * `refused` counts news of erasures that did not take the entry they name, which stays.
 */
export type CheckpointRound = { checkpoint: Checkpoint | null; more: boolean; refused: number };

/**
 * The inputs of a checkpoint: the private key that signs, the `predecessors` whose checkpoints it may continue,
 * and the last checkpoint known to have been signed (`kept`, from outside the store), which the log must contain.
 */
export type CheckpointMaking = {
  now: Date;
  newsMax: number;
  key: KeyObject;
  predecessors?: readonly KeyObject[];
  kept?: Checkpoint | null;
};

type CheckpointRecord = Prisma.CheckpointRowGetPayload<object>;
type Head = { taskId: string; seq: number; hash: string; signedSeq: number | null };
type ErasedEntry = { position: bigint; erasure: string };

/** A checkpoint from its row. */
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

/** The number of the last checkpoint exported to a target; 0 before the first. */
export async function exportedUpTo(prisma: PrismaClient, target: string): Promise<number> {
  const row = await askStateStore(() => prisma.checkpointExport.findUnique({ where: { target } }));
  return row?.number ?? 0;
}

/** Records that the checkpoints up to `number` were exported to a target. */
export async function rememberExport(prisma: PrismaClient, target: string, number: number): Promise<void> {
  await askStateStore(() => prisma.checkpointExport.upsert({ where: { target }, create: { target, number }, update: { number } }));
}

/** Waits until no checkpoint is being made, and blocks new ones until the transaction ends. */
export async function holdCheckpoints(transaction: Prisma.TransactionClient): Promise<void> {
  await transaction.$queryRaw`SELECT FROM pg_advisory_xact_lock_shared(${CHECKPOINT_LOCK})`;
}

/**
 * Reduces the log entries of erased tasks to their leaves, and notes that as news for
 * the next checkpoint. The caller holds checkpoints, and `erasure` is its transaction's.
 */
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
 * Makes the next checkpoint over up to `newsMax` pieces of news, if there are any. Uncommitted decisions are left to the next one; those
 * written meanwhile may be included. Throws `conflict`, and signs nothing, where the existing log was not signed by one of our own keys.
 */
export async function makeCheckpoint(
  prisma: PrismaClient,
  { now, newsMax, key, predecessors = [], kept = null }: CheckpointMaking,
): Promise<CheckpointRound> {
  return askStateStore(() =>
    prisma.$transaction(
      async (transaction) => {
        await transaction.$queryRaw`SELECT FROM pg_advisory_xact_lock(${CHECKPOINT_LOCK})`;
        const last = await transaction.checkpointRow.findFirst({ orderBy: { number: "desc" } });
        const tree = goOnFrom(last, [key, ...predecessors]);
        await requireKept(transaction, kept);
        const { heads, erased, more, refused } = await takeNews(transaction, newsMax);
        if (heads.length + erased.length === 0) return { checkpoint: null, more, refused };

        const from = tree.size;
        const erasures = await findErasures(transaction, erased);
        const entries: LogEntry[] = [
          ...heads.map(({ taskId, seq, hash }): LogEntry => ({ kind: "head", taskId, seq, hash })),
          ...erased.map(({ position, erasure }): LogEntry => ({ kind: "erased", position: Number(position), erasure: erasures(erasure) })),
        ];
        for (const entry of entries) tree.append(entryLeaf(entry));
        await writeEntries(transaction, from, entries);

        const isFirst = ({ signedSeq }: Head): boolean => signedSeq === null;
        const facts = {
          number: (last?.number ?? 0) + 1,
          time: now.toISOString(),
          size: tree.size,
          root: tree.root,
          prevHash: last?.hash ?? LOG_START,
          tasks: Number(last?.tasks ?? 0) + heads.filter(isFirst).length,
          events: heads.reduce((events, { seq, signedSeq }) => events + seq - (signedSeq ?? -1), Number(last?.events ?? 0)),
          erased: Number(last?.erased ?? 0) + erased.length,
        };
        const checkpoint = signCheckpoint(facts, key);
        const { v: _, ...row } = checkpoint;
        await transaction.checkpointRow.create({ data: { ...row, frontier: tree.frontier } });
        return { checkpoint, more, refused };
      },
      { timeout: MAKING_MS_MAX, maxWait: MAKING_MS_MAX },
    ),
  );
}

/** The log up to the last checkpoint. Throws unless one of the keys signed it: nothing is signed on top of anything else. */
function goOnFrom(last: CheckpointRecord | null, keys: readonly KeyObject[]): MerkleLog {
  if (last === null) return new MerkleLog();
  const fault = checkpointFault(toCheckpoint(last), last.prevHash, keys);
  const tree = fault === undefined ? new MerkleLog(Number(last.size), last.frontier) : undefined;
  if (tree?.root === last.root) return tree;
  throw new AppError("conflict", `Checkpoint ${last.number} ${fault ?? "is not what was signed"}, so no other one is made.`, {
    hint: "./signalbox decisions verify says what was changed. If the key is a new one, SIGNALBOX_CHECKPOINT_OLD_KEYS names a file with the public keys before it.",
  });
}

/** Throws unless the log contains the kept checkpoint: otherwise it is another log, or an older one. */
async function requireKept(transaction: Prisma.TransactionClient, kept: Checkpoint | null): Promise<void> {
  if (kept === null) return;
  const row = await transaction.checkpointRow.findUnique({ where: { number: kept.number } });
  if (row?.hash === kept.hash) return;
  throw new AppError("conflict", `Checkpoint ${kept.number}, which was signed, is not in the store any more, so no other one is made.`, {
    hint: "./signalbox decisions verify says what was changed. After a restore from an older backup, remove the file that ends with .head beside the key.",
  });
}

/** Merges the pieces of news of each task into one, where no signer consumes them. */
export async function compactChainNews(prisma: PrismaClient): Promise<void> {
  await askStateStore(() =>
    prisma.$transaction(
      async (transaction) => {
        await transaction.$queryRaw`SELECT FROM pg_advisory_xact_lock(${CHECKPOINT_LOCK})`;
        await transaction.$executeRaw`
          DELETE FROM checkpoint_news USING (SELECT ctid AS id, row_number() OVER (PARTITION BY task_id) AS place FROM checkpoint_news WHERE task_id IS NOT NULL) AS known
          WHERE checkpoint_news.ctid = known.id AND known.place > 1`;
      },
      { timeout: MAKING_MS_MAX, maxWait: MAKING_MS_MAX },
    ),
  );
}

/** The condition for news of an entry that a recorded erasure took and that is not in the log yet. */
const IS_ERASED = Prisma.sql`EXISTS (
  SELECT FROM checkpoint_entry AS entry JOIN erasure ON erasure.id = entry.erasure
  WHERE entry.position = news.position AND entry.erasure = news.erasure AND entry.erased_position IS NULL
    AND NOT EXISTS (SELECT FROM checkpoint_entry AS later WHERE later.erased_position = news.position))`;

/**
 * Consumes news and returns its subjects: the heads of chains that have grown, and
 * erased entries. News of an erasure that did not take the entry stays, and is counted.
 */
async function takeNews(
  transaction: Prisma.TransactionClient,
  newsMax: number,
): Promise<{ heads: Head[]; erased: ErasedEntry[]; more: boolean; refused: number }> {
  const taken = await transaction.$queryRaw<{ taskId: string | null; position: bigint | null; erasure: string | null }[]>`
    DELETE FROM checkpoint_news WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM checkpoint_news AS news WHERE task_id IS NOT NULL OR ${IS_ERASED} LIMIT ${newsMax}))
    RETURNING task_id AS "taskId", position, erasure`;
  const ids = [...new Set(taken.flatMap(({ taskId }) => taskId ?? []))];
  const heads = await transaction.$queryRaw<Head[]>`
    SELECT asked.id AS "taskId", head.seq, head.hash, signed.seq AS "signedSeq"
    FROM unnest(${ids}::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (SELECT seq, hash FROM decision WHERE task_id = asked.id ORDER BY seq DESC LIMIT 1) AS head
    LEFT JOIN LATERAL (SELECT seq FROM checkpoint_entry WHERE task_id = asked.id ORDER BY seq DESC LIMIT 1) AS signed ON true
    WHERE signed.seq IS NULL OR signed.seq < head.seq
    ORDER BY asked.id`;
  const erased = new Map(
    taken.flatMap(({ position, erasure }) => (position === null || erasure === null ? [] : [[position, { position, erasure }]])),
  );
  const [left] = await transaction.$queryRaw<{ refused: number }[]>`
    SELECT count(*)::int AS refused FROM checkpoint_news AS news WHERE position IS NOT NULL AND NOT ${IS_ERASED}`;
  return {
    ...{ heads, erased: [...erased.values()].sort((one, other) => Number(one.position - other.position)) },
    ...{ more: taken.length === newsMax, refused: left?.refused ?? 0 },
  };
}

/** Looks up the erasures that took the entries. */
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
