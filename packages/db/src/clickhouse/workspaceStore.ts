import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@signalbox/model";
import { z } from "zod";
import { microsText } from "./microsText.ts";
import { readRows } from "./readRows.ts";

const Kind = z.enum(["dataset", "example", "session"]);

const Row = z
  .object({
    kind: Kind,
    parent: z.string(),
    uuid: z.uuid(),
    name: z.string(),
    body: z.string(),
    created_us: z.coerce.number(),
    updated_us: z.coerce.number(),
  })
  .transform(({ uuid, body, created_us, updated_us, ...row }) => ({
    ...row,
    id: uuid,
    body: z.record(z.string(), z.unknown()).parse(JSON.parse(body)),
    createdAtUs: created_us,
    updatedAtUs: updated_us,
  }));

/**
 * A dataset, one of its examples (`parent` is the dataset's id), or a session: what a LangSmith client sent of it as `body`. `id` is a UUID,
 * times are microseconds since 1970.
 */
export type WorkspaceObject = z.infer<typeof Row> & { project: string };

/** Which objects to list, oldest first. */
export interface WorkspaceQuery {
  project: string;
  kind: WorkspaceObject["kind"];
  ids?: readonly string[];
  name?: string;
  parent?: string;
  limit: number;
  offset: number;
}

/** Keeps what LangSmith clients keep beside runs. Both methods throw an `AppError` where the store is not well. */
export interface WorkspaceStore {
  /** Returns when the objects are durable. An object takes the place of an older one of the same project, kind, parent and id. */
  put(objects: readonly WorkspaceObject[]): Promise<void>;
  list(query: WorkspaceQuery): Promise<WorkspaceObject[]>;
}

export function createWorkspaceStore(clickhouse: ClickHouseClient): WorkspaceStore {
  return {
    async put(objects) {
      const values = objects.map(({ body, createdAtUs, updatedAtUs, ...object }) => ({
        ...object,
        body: JSON.stringify(body),
        created_at: microsText(createdAtUs),
        updated_at: microsText(updatedAtUs),
      }));
      const settings = { wait_end_of_query: 1, insert_quorum: "auto" } as const;
      await clickhouse
        .insert({ table: "workspace_objects", values, format: "JSONEachRow", clickhouse_settings: settings })
        .catch((cause: unknown) => {
          throw new AppError("upstream_unavailable", "The telemetry store does not take it.", { cause });
        });
    },

    async list({ project, kind, ids = [], name, parent, limit, offset }) {
      const sql = `SELECT kind, parent, toString(id) AS uuid, name, body,
  toString(toUnixTimestamp64Micro(created_at)) AS created_us, toString(toUnixTimestamp64Micro(updated_at)) AS updated_us
FROM workspace_objects FINAL
WHERE project = {project:String} AND kind = {kind:String}
  AND (empty({ids:Array(UUID)}) OR id IN {ids:Array(UUID)})
  AND ({name:Nullable(String)} IS NULL OR name = {name:Nullable(String)})
  AND ({parent:Nullable(String)} IS NULL OR parent = {parent:Nullable(String)})
ORDER BY created_at, id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}`;
      const params = { project, kind, ids, name: name ?? null, parent: parent ?? null, limit, offset };
      const rows = await readRows(clickhouse, { sql, params }, Row);
      return rows.map((row) => ({ ...row, project }));
    },
  };
}
