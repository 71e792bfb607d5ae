import { AppError, type DatasetChange, type DatasetDuplicate, type DatasetVersion, datasetItemHashes, newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { requireProject } from "../projects/projectStore.ts";
import { askStateStore } from "../stateStore.ts";
import { requireDataset, toVersion } from "./datasetStore.ts";

/** The time limit of a new version, which is one transaction however large its file. */
const WRITE_MS_MAX = 30 * 60_000;

/** The most duplicates that are listed; all are counted. */
export const DUPLICATES_TOLD_MAX = 100;

/**
 * The input for a new version. `changes` come in ordered batches, which may be read while earlier ones are
 * written. `base` is the version that they were made against; the write fails if there is a newer one by now.
 * With `create` a missing dataset is created. `duplicates` decides whether an item with the same input and
 * expectation as another is left out, kept, or refused. `written` is called with the number of changes so far.
 */
export interface DatasetWrite {
  project: string;
  name: string;
  changes: Iterable<readonly DatasetChange[]> | AsyncIterable<readonly DatasetChange[]>;
  base?: number;
  create?: boolean;
  duplicates: "skip" | "keep" | "refuse";
  note: string;
  actor: string;
  now: Date;
  written?: (changes: number) => void;
}

/** The result of a write. `version` is the latest; `isNew` is false where nothing changed, and the version is the previous one. */
export interface DatasetWritten {
  datasetId: string;
  version: DatasetVersion;
  isNew: boolean;
  unchanged: number;
  duplicates: { count: number; told: DatasetDuplicate[] };
}

type Put = Extract<DatasetChange, { kind: "put" }>;

/** An item of the version in the making. */
type LiveItem = { id: string; since: number; position: number; hash: string; caseHash: string };

/** A row to write; `isChange` where it replaces another one. */
type NewRow = LiveItem & { split: string | null; content: string; isChange: boolean };

/** A version in the making. */
interface Draft {
  transaction: Prisma.TransactionClient;
  datasetId: string;
  number: number;
  positions: number;
  policy: DatasetWrite["duplicates"];
  counts: { added: number; changed: number; removed: number; unchanged: number };
  duplicates: DatasetWritten["duplicates"];
}

/**
 * Makes the next version of a dataset, completely or not at all. Only changes are written: editing one item
 * of many writes one row. Throws `not_found` without such a project, dataset or item to remove, `conflict`
 * where `base` is no longer the latest version, `invalid_input` where an id occurs twice or no item is left.
 */
export async function writeDataset(prisma: PrismaClient, write: DatasetWrite): Promise<DatasetWritten> {
  const { project, name, now } = write;
  await requireProject(prisma, project);
  const work = async (transaction: Prisma.TransactionClient): Promise<DatasetWritten> => {
    if (write.create === true)
      await transaction.datasetRow.createMany({
        data: [{ id: newId(), project, name, description: "", createdAt: now }],
        skipDuplicates: true,
      });
    const draft = await beginVersion(transaction, write);
    let read = 0;
    for await (const batch of write.changes) {
      await applyBatch(draft, batch);
      read += batch.length;
      write.written?.(read);
    }
    return endVersion(draft, write);
  };
  if (write.create !== true) await requireDataset(prisma, project, name);
  return askStateStore(() => prisma.$transaction(work, { timeout: WRITE_MS_MAX, maxWait: WRITE_MS_MAX }));
}

/** Locks the dataset, so that concurrent versions come one after the other. */
async function beginVersion(
  transaction: Prisma.TransactionClient,
  { project, name, base, duplicates: policy }: DatasetWrite,
): Promise<Draft> {
  const [dataset] = await transaction.$queryRaw<{ id: string; latest: number }[]>`
    SELECT id, latest FROM dataset WHERE project = ${project} AND name = ${name} FOR UPDATE`;
  if (dataset === undefined) throw new AppError("not_found", `Dataset ${name} is not there any more.`);
  if (base !== undefined && base !== dataset.latest)
    throw new AppError("conflict", `Dataset ${name} is at version ${dataset.latest} by now, and this was made against ${base}.`, {
      hint: "Look at the latest version, and make the change there.",
    });
  const [last] = await transaction.$queryRaw<{ position: number }[]>`
    SELECT coalesce(max(position), 0) AS position FROM dataset_item WHERE dataset_id = ${dataset.id}::uuid`;
  return {
    ...{ transaction, datasetId: dataset.id, number: dataset.latest + 1, positions: last?.position ?? 0, policy },
    counts: { added: 0, changed: 0, removed: 0, unchanged: 0 },
    duplicates: { count: 0, told: [] },
  };
}

async function applyBatch(draft: Draft, batch: readonly DatasetChange[]): Promise<void> {
  const removals = batch.flatMap((change) => (change.kind === "remove" ? [change.id] : []));
  const puts = batch.flatMap((change) => (change.kind === "put" ? [change] : []));
  if (removals.length > 0) await removeItems(draft, removals);
  if (puts.length > 0) await putItems(draft, puts);
}

/** Ends the rows of items with the previous version. */
async function endRows({ transaction, datasetId, number }: Draft, ids: readonly string[]): Promise<{ id: string }[]> {
  return transaction.$queryRaw<{ id: string }[]>`
    UPDATE dataset_item SET until = ${number} WHERE dataset_id = ${datasetId}::uuid AND id = ANY(${[...ids]}::text[]) AND until IS NULL AND since < ${number}
    RETURNING id`;
}

async function removeItems(draft: Draft, ids: readonly string[]): Promise<void> {
  const removed = new Set((await endRows(draft, ids)).map(({ id }) => id));
  const missing = ids.find((id) => !removed.has(id));
  if (missing !== undefined)
    throw new AppError("not_found", `There is no item ${missing} to remove.`, {
      hint: "Somebody may have removed it: look at the latest version.",
    });
  draft.counts.removed += removed.size;
}

async function putItems(draft: Draft, puts: readonly Put[]): Promise<void> {
  const hashed = puts.map((put) => ({ put, ...datasetItemHashes(put.content) }));
  const { transaction, datasetId } = draft;
  // One look-up per item: PostgreSQL does not know yet how many rows this transaction has written, and would scan all of them for a list.
  const live = await transaction.$queryRaw<LiveItem[]>`
    SELECT found.* FROM unnest(${puts.flatMap(({ id }) => (id === undefined ? [] : [id]))}::text[]) AS asked (id) CROSS JOIN LATERAL (
      SELECT id, since, position, hash, case_hash AS "caseHash" FROM dataset_item
      WHERE dataset_id = ${datasetId}::uuid AND id = asked.id AND until IS NULL LIMIT 1) AS found
    UNION
    SELECT found.* FROM unnest(${hashed.map(({ caseHash }) => caseHash)}::text[]) AS asked (case_hash) CROSS JOIN LATERAL (
      SELECT id, since, position, hash, case_hash FROM dataset_item
      WHERE dataset_id = ${datasetId}::uuid AND case_hash = asked.case_hash AND until IS NULL LIMIT 1) AS found`;
  const byId = new Map(live.map((item) => [item.id, item]));
  const byCase = new Map(live.map((item) => [item.caseHash, item]));
  const rows: NewRow[] = [];
  for (const { put, hash, caseHash } of hashed) {
    const before = put.id === undefined ? undefined : byId.get(put.id);
    if (before?.since === draft.number) throw givenTwice(put);
    if (before?.hash === hash) {
      draft.counts.unchanged += 1;
      continue;
    }
    const same = byCase.get(caseHash);
    if (same !== undefined && same.id !== put.id && draft.policy !== "keep") {
      noteDuplicate(draft, put, same.id);
      continue;
    }
    if (before === undefined) draft.positions += 1;
    const place = { id: put.id ?? newId(), since: draft.number, position: before?.position ?? draft.positions };
    const row = {
      ...place,
      hash,
      caseHash,
      split: put.content.split,
      content: JSON.stringify(put.content),
      isChange: before !== undefined,
    };
    if (before !== undefined && byCase.get(before.caseHash) === before) byCase.delete(before.caseHash);
    byId.set(row.id, row);
    byCase.set(caseHash, row);
    rows.push(row);
  }
  await writeRows(draft, rows);
}

function noteDuplicate({ policy, duplicates }: Draft, { place }: Put, of: string): void {
  if (policy === "refuse")
    throw new AppError("conflict", `Item ${of} asks the same and expects the same already.`, { hint: "Change that one, or this one." });
  duplicates.count += 1;
  if (duplicates.told.length < DUPLICATES_TOLD_MAX) duplicates.told.push({ place: place ?? null, of });
}

function givenTwice({ id, place }: Put): AppError {
  return new AppError("invalid_input", `${place === undefined ? "" : `${place}: `}the id ${id} is given twice.`, {
    hint: "One id means one item of a dataset.",
  });
}

async function writeRows(draft: Draft, rows: readonly NewRow[]): Promise<void> {
  if (rows.length === 0) return;
  const changed = rows.filter(({ isChange }) => isChange);
  if (changed.length > 0)
    await endRows(
      draft,
      changed.map(({ id }) => id),
    );
  draft.counts.changed += changed.length;
  draft.counts.added += rows.length - changed.length;
  const column = <Value>(of: (row: NewRow) => Value): Value[] => rows.map(of);
  await draft.transaction.$executeRaw`
    INSERT INTO dataset_item (dataset_id, id, since, position, hash, case_hash, split, content)
    SELECT ${draft.datasetId}::uuid, id, ${draft.number}, position, hash, case_hash, split, content::json FROM unnest(
      ${column(({ id }) => id)}::text[], ${column(({ position }) => position)}::int[], ${column(({ hash }) => hash)}::text[],
      ${column(({ caseHash }) => caseHash)}::text[], ${column(({ split }) => split)}::text[], ${column(({ content }) => content)}::text[]
    ) AS given (id, position, hash, case_hash, split, content)`;
}

async function endVersion(draft: Draft, { name, note, actor, now }: DatasetWrite): Promise<DatasetWritten> {
  const { transaction, datasetId, number, counts, duplicates } = draft;
  const { unchanged, ...changes } = counts;
  const isNew = changes.added + changes.changed + changes.removed > 0;
  if (!isNew && number === 1)
    throw new AppError("invalid_input", `There is no item for dataset ${name}.`, { hint: "A version has one item at least." });
  if (isNew) {
    // The same hash as `datasetVersionHash` of packages/model.
    await transaction.$executeRaw`
      INSERT INTO dataset_version (dataset_id, number, hash, items, added, changed, removed, note, actor, created_at)
      SELECT ${datasetId}::uuid, ${number}, encode(sha256(convert_to(coalesce(string_agg(hash || E'\n', '' ORDER BY position), ''), 'UTF8')), 'hex'), count(*),
        ${changes.added}, ${changes.changed}, ${changes.removed}, ${note}, ${actor}, ${now}
      FROM dataset_item WHERE dataset_id = ${datasetId}::uuid AND until IS NULL`;
    await transaction.datasetRow.update({ where: { id: datasetId }, data: { latest: number } });
  }
  const latest = await transaction.datasetVersionRow.findUniqueOrThrow({
    where: { datasetId_number: { datasetId, number: isNew ? number : number - 1 } },
  });
  return { datasetId, version: toVersion(latest), isNew, unchanged, duplicates };
}
