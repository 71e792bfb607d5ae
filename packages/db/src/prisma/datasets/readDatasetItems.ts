import { type DatasetItem, type DatasetItemChange, DatasetItemContent, jsonText } from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

/** The page size, in items. */
const PAGE_ITEMS = 500;

/** A filter for the items of a version: by split, by a text anywhere in their content, by position (exclusive). */
export interface DatasetItemFilter {
  split?: string;
  text?: string;
  after?: number;
}

/** A difference between two versions at an item; the side that lacks the item is null. */
export interface DatasetDifference {
  id: string;
  position: number;
  change: DatasetItemChange;
  before: DatasetItem | null;
  after: DatasetItem | null;
}

type Row = { id: string; position: number; hash: string; caseHash: string; content: unknown };

const COLUMNS = Prisma.sql`id, position, hash, case_hash AS "caseHash", content`;

function toItem({ content, ...row }: Row): DatasetItem {
  return { ...row, ...DatasetItemContent.parse(content) };
}

/** The condition for the rows of a version. */
function isIn(number: number): Prisma.Sql {
  return Prisma.sql`since <= ${number} AND (until IS NULL OR until > ${number})`;
}

/** A text in the form in which a stored item contains it: as JSON, without the surrounding quotes. */
function storedText(text: string): string {
  return jsonText(text).slice(1, -1).toLowerCase();
}

/** Up to `rowsMax` items of a version, in their order. */
export async function listDatasetItems(
  prisma: PrismaClient,
  datasetId: string,
  number: number,
  { split, text, after = 0 }: DatasetItemFilter,
  rowsMax: number,
): Promise<DatasetItem[]> {
  const isOfSplit = split === undefined ? Prisma.empty : Prisma.sql`AND split = ${split}`;
  const hasText = text === undefined ? Prisma.empty : Prisma.sql`AND position(${storedText(text)} IN lower(content::text)) > 0`;
  const rows = await askStateStore(
    () => prisma.$queryRaw<Row[]>`
      SELECT ${COLUMNS} FROM dataset_item
      WHERE dataset_id = ${datasetId}::uuid AND position > ${after} AND ${isIn(number)} ${isOfSplit} ${hasText}
      ORDER BY position LIMIT ${rowsMax}`,
  );
  return rows.map(toItem);
}

/** Every item of a version, or of one split of it, in order; only some hundreds are in memory at once. */
export async function* streamDatasetItems(
  prisma: PrismaClient,
  datasetId: string,
  number: number,
  { split }: Pick<DatasetItemFilter, "split"> = {},
): AsyncGenerator<DatasetItem> {
  for (let after = 0; ; ) {
    const page = await listDatasetItems(prisma, datasetId, number, { after, ...(split === undefined ? {} : { split }) }, PAGE_ITEMS);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ITEMS) return;
    after = last.position;
  }
}

/** An item of a version by its id; undefined where it has none. */
export async function findDatasetItem(
  prisma: PrismaClient,
  datasetId: string,
  number: number,
  id: string,
): Promise<DatasetItem | undefined> {
  const [row] = await askStateStore(
    () =>
      prisma.$queryRaw<Row[]>`SELECT ${COLUMNS} FROM dataset_item WHERE dataset_id = ${datasetId}::uuid AND id = ${id} AND ${isIn(number)}`,
  );
  return row === undefined ? undefined : toItem(row);
}

/** The number of items in each split of a version, by the split's name; items without one come first, under null. */
export async function countDatasetSplits(
  prisma: PrismaClient,
  datasetId: string,
  number: number,
): Promise<{ split: string | null; items: number }[]> {
  return askStateStore(
    () => prisma.$queryRaw<{ split: string | null; items: number }[]>`
      SELECT split, count(*)::int AS items FROM dataset_item WHERE dataset_id = ${datasetId}::uuid AND ${isIn(number)}
      GROUP BY split ORDER BY split NULLS FIRST`,
  );
}

/** The rows of one version that the other lacks. */
function rowsOnlyIn(datasetId: string, number: number, other: number): Prisma.Sql {
  return Prisma.sql`SELECT * FROM dataset_item WHERE dataset_id = ${datasetId}::uuid AND ${isIn(number)} AND NOT (${isIn(other)})`;
}

/** The items at which a version differs from another one, by their content. */
function differences(datasetId: string, before: number, after: number): Prisma.Sql {
  return Prisma.sql`(${rowsOnlyIn(datasetId, before, after)}) AS old FULL JOIN (${rowsOnlyIn(datasetId, after, before)}) AS new USING (id)
    WHERE old.hash IS DISTINCT FROM new.hash`;
}

const CHANGE = Prisma.sql`CASE WHEN old.hash IS NULL THEN 'added' WHEN new.hash IS NULL THEN 'removed' ELSE 'changed' END`;

/** The numbers of items added, removed and changed from one version to another. */
export async function countDatasetDifferences(
  prisma: PrismaClient,
  datasetId: string,
  before: number,
  after: number,
): Promise<Record<DatasetItemChange, number>> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ change: DatasetItemChange; items: number }[]>`
      SELECT ${CHANGE} AS change, count(*)::int AS items FROM ${differences(datasetId, before, after)} GROUP BY change`,
  );
  return { added: 0, removed: 0, changed: 0, ...Object.fromEntries(rows.map(({ change, items }) => [change, items])) };
}

/** Up to `rowsMax` items at which two versions differ, after the first `from`, in the order of their positions. */
export async function listDatasetDifferences(
  prisma: PrismaClient,
  datasetId: string,
  { before, after, from }: { before: number; after: number; from: number },
  rowsMax: number,
): Promise<DatasetDifference[]> {
  type Side<Name extends string> = Record<`${Name}Hash` | `${Name}Case`, string | null> &
    Record<`${Name}Position`, number | null> &
    Record<`${Name}Content`, unknown>;
  const rows = await askStateStore(
    () => prisma.$queryRaw<({ id: string; change: DatasetItemChange; position: number } & Side<"old"> & Side<"new">)[]>`
      SELECT id, ${CHANGE} AS change, coalesce(new.position, old.position) AS position,
        old.position AS "oldPosition", old.hash AS "oldHash", old.case_hash AS "oldCase", old.content AS "oldContent",
        new.position AS "newPosition", new.hash AS "newHash", new.case_hash AS "newCase", new.content AS "newContent"
      FROM ${differences(datasetId, before, after)} ORDER BY position, id LIMIT ${rowsMax} OFFSET ${from}`,
  );
  const side = (id: string, position: number | null, hash: string | null, caseHash: string | null, content: unknown): DatasetItem | null =>
    position === null || hash === null || caseHash === null ? null : toItem({ id, position, hash, caseHash, content });
  return rows.map((row) => ({
    ...{ id: row.id, position: row.position, change: row.change },
    before: side(row.id, row.oldPosition, row.oldHash, row.oldCase, row.oldContent),
    after: side(row.id, row.newPosition, row.newHash, row.newCase, row.newContent),
  }));
}
