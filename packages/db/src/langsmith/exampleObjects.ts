import {
  AppError,
  contentOfExample,
  DATASET_ITEM_CHARS_MAX,
  DatasetItemContent,
  exampleOfContent,
  issuesText,
  LangSmithExample,
} from "@signalbox/model";
import { writeDataset } from "../prisma/datasets/writeDataset.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import type { ExampleObject, WorkspaceQuery } from "./workspace.ts";

type ExampleRow = { example: string; dataset: string; item: string; content: unknown; at: Date };

const sql = Prisma.sql;

/** LangSmith's name for the split of an example that is in none. */
const BASE_SPLIT = "base";

/** Whether an item is in one of the given splits: its own, or further ones of its example (`contentOfExample`). */
function isInSplits(splits: readonly string[]): Prisma.Sql {
  const [own, all] = [sql`item.content->>'split'`, sql`(item.content->'metadata'->'dataset_split')::jsonb`];
  return sql`AND (${own} = ANY(${[...splits]}::text[]) OR jsonb_exists_any(${all}, ${[...splits]}::text[])
    OR (${splits.includes(BASE_SPLIT)} AND ${own} IS NULL AND ${all} IS NULL))`;
}

/** The rows of the version that is the latest, or was so at a time, as LangSmith's clients refer to it. */
async function readRows(
  prisma: PrismaClient,
  { project, ids = [], parent, asOf, splits = [], limit, offset }: Omit<WorkspaceQuery, "kind">,
): Promise<ExampleRow[]> {
  const isIn =
    asOf === undefined
      ? sql`item.until IS NULL`
      : sql`begun.created_at <= ${asOf} AND NOT EXISTS (SELECT FROM dataset_version AS ended WHERE ended.dataset_id = item.dataset_id AND ended.number = item.until AND ended.created_at <= ${asOf})`;
  return askStateStore(
    () => prisma.$queryRaw<ExampleRow[]>`
      SELECT example_id(item.dataset_id, item.id)::text AS example, item.dataset_id::text AS dataset, item.id AS item, item.content, begun.created_at AS at
      FROM dataset_item AS item
        JOIN dataset ON dataset.id = item.dataset_id
        JOIN dataset_version AS begun ON begun.dataset_id = item.dataset_id AND begun.number = item.since
      WHERE dataset.project = ${project} AND ${isIn}
        ${parent === undefined ? Prisma.empty : sql`AND item.dataset_id = ${parent}::uuid`}
        ${ids.length === 0 ? Prisma.empty : sql`AND example_id(item.dataset_id, item.id) = ANY(${[...ids]}::uuid[])`}
        ${splits.length === 0 ? Prisma.empty : isInSplits(splits)}
      ORDER BY dataset.created_at, dataset.id, item.position LIMIT ${limit} OFFSET ${offset}`,
  );
}

export async function listExampleObjects(prisma: PrismaClient, query: WorkspaceQuery): Promise<ExampleObject[]> {
  const rows = await readRows(prisma, query);
  return rows.map(({ example, dataset, content, at }) => ({
    ...{ kind: "example", project: query.project, id: example, parent: dataset, createdAt: at, updatedAt: at },
    body: exampleOfContent(DatasetItemContent.parse(content)),
  }));
}

/** The content of an example as an item, merged over the item's earlier content. Throws `invalid_input`. */
function contentOf({ id, body }: ExampleObject, before: unknown, charsMax: number): DatasetItemContent {
  const example = LangSmithExample.safeParse(body);
  if (!example.success) throw new AppError("invalid_input", `the example ${id} cannot be kept: ${issuesText(example.error)}`);
  const content = contentOfExample(example.data, before === undefined ? undefined : DatasetItemContent.parse(before));
  if (JSON.stringify(content).length <= charsMax) return content;
  throw new AppError("limit_reached", `the example ${id} has more than ${charsMax} characters`);
}

/** Examples that arrive together form one version. Two of them may ask the same: LangSmith allows it. */
export async function putExamples(
  prisma: PrismaClient,
  { project, datasetId, batches, now }: { project: string; datasetId: string; batches: readonly (readonly ExampleObject[])[]; now: Date },
  charsMax = DATASET_ITEM_CHARS_MAX,
): Promise<void> {
  const dataset = await askStateStore(() => prisma.datasetRow.findUnique({ where: { id: datasetId, project } }));
  if (dataset === null) throw new AppError("not_found", `there is no dataset ${datasetId}`);
  const changes = [];
  for (const examples of batches) {
    const ids = examples.map(({ id }) => id);
    const known = await readRows(prisma, { project, parent: datasetId, ids, limit: ids.length, offset: 0 });
    const byExample = new Map(known.map((row) => [row.example, row]));
    changes.push(
      examples.map((example) => {
        const before = byExample.get(example.id);
        return { kind: "put" as const, id: before?.item ?? example.id, content: contentOf(example, before?.content, charsMax) };
      }),
    );
  }
  const write = { project, name: dataset.name, changes, duplicates: "keep" as const, note: "", actor: "langsmith", now };
  await writeDataset(prisma, write);
}

/** Each dataset loses its examples in one version, whole or not at all. */
export async function deleteExamples(
  prisma: PrismaClient,
  { project, ids, now }: { project: string; ids: readonly string[]; now: Date },
): Promise<void> {
  const rows = await readRows(prisma, { project, ids, limit: ids.length, offset: 0 });
  const found = new Set(rows.map(({ example }) => example));
  const missing = ids.find((id) => !found.has(id));
  if (missing !== undefined) throw new AppError("not_found", `there is no example ${missing}`);
  for (const [id, items] of Map.groupBy(rows, ({ dataset }) => dataset)) {
    const { name } = await askStateStore(() => prisma.datasetRow.findUniqueOrThrow({ where: { id } }));
    const changes = [items.map(({ item }) => ({ kind: "remove" as const, id: item }))];
    await writeDataset(prisma, { project, name, changes, duplicates: "keep", note: "", actor: "langsmith", now });
  }
}
