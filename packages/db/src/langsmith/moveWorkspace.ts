import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@signalbox/model";
import { z } from "zod";
import { deleteRows } from "../clickhouse/lifetime/deletions.ts";
import { readRows } from "../clickhouse/readRows.ts";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { putDataset } from "./datasetObjects.ts";
import { putExamples } from "./exampleObjects.ts";
import { putSession } from "./sessionObjects.ts";
import type { NamedObject } from "./workspace.ts";

const Row = z
  .object({
    parent: z.string(),
    uuid: z.uuid(),
    name: z.string(),
    body: z.string(),
    created_ms: z.coerce.number(),
    updated_ms: z.coerce.number(),
  })
  .transform(({ uuid, body, created_ms, updated_ms, ...row }) => ({
    ...row,
    id: uuid,
    body: z.record(z.string(), z.unknown()).parse(JSON.parse(body)),
    createdAt: new Date(created_ms),
    updatedAt: new Date(updated_ms),
  }));

const PAGE_ROWS = 500;

/** The objects of one kind that are still in the telemetry store, oldest first, page by page. */
async function* pagesOf(clickhouse: ClickHouseClient, params: { project: string; kind: string; parent: string }) {
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const sql = `SELECT parent, toString(id) AS uuid, name, body, toUnixTimestamp64Milli(toDateTime64(created_at, 3, 'UTC')) AS created_ms,
  toUnixTimestamp64Milli(toDateTime64(updated_at, 3, 'UTC')) AS updated_ms
FROM workspace_objects FINAL WHERE project = {project:String} AND kind = {kind:String} AND parent = {parent:String}
ORDER BY created_at, id LIMIT ${PAGE_ROWS} OFFSET {offset:UInt32}`;
    const page = await readRows(clickhouse, { sql, params: { ...params, offset } }, Row);
    if (page.length > 0) yield page;
    if (page.length < PAGE_ROWS) return;
  }
}

/** Stores an object under the nearest valid name of a dataset; a taken name gets the first digits of `id`. */
async function putUnderFreeName(prisma: PrismaClient, object: NamedObject): Promise<void> {
  const name = object.name
    .replaceAll(/[@\p{C}]/gu, "-")
    .trim()
    .slice(0, 100)
    .trim();
  try {
    await putDataset(prisma, { ...object, name: name === "" ? "-" : name });
  } catch (error) {
    if (!(error instanceof AppError && error.code === "conflict")) throw error;
    await putDataset(prisma, { ...object, name: `${name} ${object.id.slice(0, 8)}` });
  }
}

/**
 * Moves datasets, examples and sessions of LangSmith's clients, which earlier collectors kept in the telemetry store, to the state store,
 * where they are the projects' own. Returns the number of moved objects. After a kill at any moment, the next call moves the rest.
 */
export async function moveWorkspace(prisma: PrismaClient, clickhouse: ClickHouseClient, now: Date): Promise<number> {
  const rows = await readRows(
    clickhouse,
    { sql: "SELECT DISTINCT project FROM workspace_objects", params: {} },
    z.object({ project: z.string() }),
  );
  const known = await prisma.projectRow.findMany({
    where: { name: { in: rows.map(({ project }) => project) } },
    select: { name: true },
  });
  let moved = 0;
  for (const { name: project } of known) {
    for await (const datasets of pagesOf(clickhouse, { project, kind: "dataset", parent: "" })) {
      for (const { parent: _, ...dataset } of datasets) {
        await putUnderFreeName(prisma, { ...dataset, project, kind: "dataset" });
        const batches = [];
        for await (const examples of pagesOf(clickhouse, { project, kind: "example", parent: dataset.id }))
          batches.push(examples.map(({ name: __, ...example }) => ({ ...example, project, kind: "example" as const })));
        if (batches.length > 0) await putExamples(prisma, { project, datasetId: dataset.id, batches, now }, Number.POSITIVE_INFINITY);
      }
    }
    for await (const sessions of pagesOf(clickhouse, { project, kind: "session", parent: "" }))
      for (const { parent: _, ...session } of sessions) await putSession(prisma, { ...session, project, kind: "session" }, now);
    const deletion = { table: "workspace_objects", sql: "project = {project:String}", params: { project }, reason: "moved" };
    moved += (await deleteRows(clickhouse, deletion)).rows;
  }
  return moved;
}
