import { type ClickHouseClient, ClickHouseError } from "@clickhouse/client";
import type { TableRows } from "@signalbox/model";
import { z } from "zod";
import { isRoot } from "../ids.ts";
import { readRows } from "../readRows.ts";
import { countRows, type Deletion, deleteRows, LOOK_SECONDS_MAX, recordDeletion } from "./deletions.ts";
import { countOf } from "./dropSpans.ts";

/** Everything of a project from days before `firstDay` (ISO 8601, UTC) is deleted. */
export interface Retention {
  project: string;
  firstDay: string;
}

const REASON = "retention";

/** ClickHouse's error code for a part that does not exist (any more). */
const NO_SUCH_DATA_PART = "232";

/** The time column of each table, first of those that are partitioned by day. The sums behind charts hold no content, and stay. */
const DAILY = { spans: "start_time", logs: "time", metric_points: "time", rejected: "received_at" } as const;
const OTHERS = {
  decisions: "time",
  scores: "time",
  score_outcomes: "seen_at",
  run_parts: "received_at",
  trace_times: "last",
  trace_keys: "hour",
} as const;

const isBefore = (column: string): string => `project = {project:String} AND ${column} < toDateTime({firstDay:Date}, 'UTC')`;

const Partition = z.object({ id: z.string(), day: z.string(), projects: z.array(z.string()), parts: z.array(z.string().regex(/^\w+$/)) });
type Partition = z.infer<typeof Partition>;

/** Traces of which some days are deleted and others stay. */
const CUT = `project = {project:String} AND first < toDateTime({firstDay:Date}, 'UTC') AND last >= toDateTime({firstDay:Date}, 'UTC')`;

/**
 * The rest of a cut trace begins with the first kept day, and has no root any
 * more unless that is in the rest: lists then show it as incomplete, which it is.
 */
const CUT_TIMES = `ALTER TABLE trace_times UPDATE
  first = toDateTime64({firstDay:String} || ' 00:00:00', 9, 'UTC'),
  is_rooted = trace_id IN (
    SELECT trace_id FROM spans
    WHERE project = {project:String} AND ${isRoot()} AND start_time >= toDateTime({firstDay:Date}, 'UTC') AND start_time <= (SELECT max(last) FROM trace_times WHERE ${CUT})
  )
WHERE ${CUT}`;

/** Whether a whole day can go: it is past the retention of every project with rows in it. */
export function isPast({ day, projects }: Pick<Partition, "day" | "projects">, retentions: readonly Retention[]): boolean {
  return projects.every((project) => retentions.some((one) => one.project === project && day < one.firstDay));
}

/** Deletes telemetry that is past its project's retention. Repeating it finds nothing. */
export function createRetentionStore(clickhouse: ClickHouseClient) {
  const deletionOf = (table: string, column: string, { project, firstDay }: Retention): Deletion => ({
    table,
    sql: isBefore(column),
    params: { project, firstDay },
    reason: REASON,
  });

  async function deleteOlder(table: string, column: string, retention: Retention): Promise<(TableRows & { project: string })[]> {
    const deletion = deletionOf(table, column, retention);
    if ((await countRows(clickhouse, deletion)).rows === 0) return [];
    return [{ ...(await deleteRows(clickhouse, deletion)), project: retention.project }];
  }

  /** Drops whole days, which takes no rewriting of rows. */
  async function dropDays(table: keyof typeof DAILY, retentions: readonly Retention[]): Promise<(TableRows & { project: string })[]> {
    const column = DAILY[table];
    const params = {
      newest: retentions
        .map(({ firstDay }) => firstDay)
        .toSorted()
        .at(-1),
    };
    const sql = `SELECT _partition_id AS id, toString(toDate(any(${column}))) AS day, groupUniqArray(project) AS projects, groupUniqArray(_part) AS parts
FROM ${table} WHERE ${column} < toDateTime({newest:Date}, 'UTC') GROUP BY id ORDER BY id`;
    const partitions = await readRows(clickhouse, { sql, params }, Partition, LOOK_SECONDS_MAX);
    const gone: (TableRows & { project: string })[] = [];
    for (const { id, projects, parts } of partitions.filter((partition) => isPast(partition, retentions))) {
      const ofProject = "project = {project:String} AND _partition_id = {id:String}";
      for (const project of projects)
        gone.push({ ...(await recordDeletion(clickhouse, { table, sql: ofProject, params: { project, id }, reason: REASON })), project });
      for (const part of parts) await dropPart(table, part);
    }
    return gone;
  }

  /**
   * Drops a part, not its partition: rows that a project with longer retention has sent to that day
   * meanwhile are in another part. A part that is gone was merged; the next round finds its rows.
   */
  async function dropPart(table: string, part: string): Promise<void> {
    await clickhouse.command({ query: `ALTER TABLE ${table} DROP PART '${part}'` }).catch((error: unknown) => {
      if (!(error instanceof ClickHouseError && error.code === NO_SUCH_DATA_PART)) throw error;
    });
  }

  async function cutTimes({ project, firstDay }: Retention): Promise<void> {
    const params = { project, firstDay };
    const cut = await countOf(clickhouse, { sql: `SELECT count() AS count FROM trace_times WHERE ${CUT}`, params });
    if (cut > 0) await clickhouse.command({ query: CUT_TIMES, query_params: params, clickhouse_settings: { mutations_sync: "2" } });
  }

  return {
    /** Deletes what is past its retention; returns the number of rows by project and table. */
    async enforce(retentions: readonly Retention[]): Promise<(TableRows & { project: string })[]> {
      if (retentions.length === 0) return [];
      const gone: (TableRows & { project: string })[] = [];
      for (const table of Object.keys(DAILY) as (keyof typeof DAILY)[]) gone.push(...(await dropDays(table, retentions)));
      for (const [table, column] of Object.entries({ ...DAILY, ...OTHERS }))
        for (const retention of retentions) gone.push(...(await deleteOlder(table, column, retention)));
      for (const retention of retentions) await cutTimes(retention);
      return gone;
    },
  };
}
