import type { ErasureSubject, TableRows } from "@signalbox/model";
import { ofSubject } from "../erasure/taskErasure.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";

const ERASE_MS_MAX = 60_000;

/** The condition for rows of items made from one of a subject's traces or tasks, in any version, even if the item was edited later. */
function isOfSubject(project: string, subject: ErasureSubject, traces: readonly string[]): Prisma.Sql {
  return Prisma.sql`(dataset_id, id) IN (
    SELECT item.dataset_id, item.id FROM dataset_item AS item JOIN dataset ON dataset.id = item.dataset_id
    WHERE dataset.project = ${project} AND item.content->'source' IS NOT NULL AND (
      item.content->'source'->>'traceId' = ANY(${[...traces]}::text[])
      OR item.content->'source'->>'traceId' IN (SELECT trace_id FROM task WHERE ${ofSubject(project, subject)})
      OR item.content->'source'->>'taskId' IN (SELECT id::text FROM task WHERE ${ofSubject(project, subject)})))`;
}

const TABLE = "dataset_item";

/** The number of item rows that erasing a subject would delete. */
export async function countItems(
  prisma: PrismaClient,
  project: string,
  subject: ErasureSubject,
  traces: readonly string[],
): Promise<TableRows[]> {
  const [row] = await prisma.$queryRaw<{ rows: number }[]>`
    SELECT count(*)::int AS rows FROM dataset_item WHERE ${isOfSubject(project, subject, traces)}`;
  return row === undefined || row.rows === 0 ? [] : [{ table: TABLE, rows: row.rows }];
}

/**
 * Deletes the items made from a subject's traces and tasks, in all versions. Versions keep their hashes, by which results
 * say what they were measured on; where the latest version had such an item, the remaining items become the next version.
 */
export async function eraseItems(
  prisma: PrismaClient,
  {
    project,
    subject,
    traces,
    actor,
    now,
  }: { project: string; subject: ErasureSubject; traces: readonly string[]; actor: string; now: Date },
): Promise<TableRows[]> {
  const work = async (transaction: Prisma.TransactionClient): Promise<number> => {
    const condition = isOfSubject(project, subject, traces);
    // Serialises with whoever makes a version of one of them.
    await transaction.$queryRaw`
      SELECT 1 FROM dataset WHERE id IN (SELECT dataset_id FROM dataset_item WHERE ${condition}) ORDER BY id FOR UPDATE`;
    const gone = await transaction.$queryRaw<{ dataset: string; live: boolean }[]>`
      DELETE FROM dataset_item WHERE ${condition} RETURNING dataset_id::text AS dataset, until IS NULL AS live`;
    const removed = new Map<string, number>();
    for (const { dataset, live } of gone) if (live) removed.set(dataset, (removed.get(dataset) ?? 0) + 1);
    for (const [dataset, items] of removed)
      await transaction.$executeRaw`
        WITH next AS (UPDATE dataset SET latest = latest + 1 WHERE id = ${dataset}::uuid RETURNING id, latest)
        INSERT INTO dataset_version (dataset_id, number, hash, items, added, changed, removed, note, actor, created_at)
        SELECT next.id, next.latest, encode(sha256(convert_to(coalesce(string_agg(item.hash || E'\n', '' ORDER BY item.position), ''), 'UTF8')), 'hex'),
          count(item.id), 0, 0, ${items}, 'Items of an erased subject went.', ${actor}, ${now}
        FROM next LEFT JOIN dataset_item AS item ON item.dataset_id = next.id AND item.until IS NULL GROUP BY next.id, next.latest`;
    return gone.length;
  };
  const rows = await prisma.$transaction(work, { timeout: ERASE_MS_MAX, maxWait: ERASE_MS_MAX });
  return rows === 0 ? [] : [{ table: TABLE, rows }];
}
