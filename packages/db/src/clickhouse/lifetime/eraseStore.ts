import type { ClickHouseClient } from "@clickhouse/client";
import { type ErasureSubject, newId, type TableRows } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import { namedByRoot } from "../scores/scoreReader.ts";
import { countRows, type Deletion, deleteRows, LOOK_SECONDS_MAX } from "./deletions.ts";

/** A subject that covers some traces of a project. */
type NamedSubject = Exclude<ErasureSubject, { kind: "project" }>;

const REASON = "erased";

const THIS = "FROM erasing WHERE erasure = {erasure:String}";
const TRACES = `(SELECT trace_id ${THIS} AND value = '')`;
const HEX_IDS = `(SELECT lower(hex(trace_id)) ${THIS} AND value = '')`;
const VALUE = `(SELECT any(value) ${THIS} AND value != '')`;
const IDS_IN = (text: string): string =>
  `hasAny(extractAll(${text}, '[0-9a-f]{32}'), (SELECT groupArray(lower(hex(trace_id))) ${THIS} AND value = ''))`;

/** Attributes by which records without a span name their user or session. */
const NAMED_BY = { trace: [], user: ["user.id", "enduser.id"], session: ["session.id", "gen_ai.conversation.id"] } as const;

const IS_NAMED = `arrayExists(key -> attributes[key] = ${VALUE}, {keys:Array(String)})`;

/**
 * The rows to erase from each table, in this order: the tables through which the traces are found come
 * last, so that an interrupted erasure finds them again. Records that could not become rows have no
 * columns to query; of these, the ones are erased that contain a trace id, or the value as a whole text.
 */
const OF_TRACES: readonly [table: string, condition: string][] = [
  [
    "scores",
    `(toString(trace_id) IN ${HEX_IDS} OR toString(trace_id) IN (${namedByRoot(`project = {project:String} AND trace_id IN ${TRACES}`)}))`,
  ],
  ["decisions", `toString(trace_id) IN ${HEX_IDS}`],
  ["logs", `(trace_id IN ${HEX_IDS} OR ${IS_NAMED})`],
  ["metric_points", `(${IDS_IN("exemplars")} OR ${IS_NAMED})`],
  ["rejected", `(${IDS_IN("replaceAll(record, '-', '')")} OR position(record, toJSONString(${VALUE})) > 0)`],
  [
    "run_parts",
    `run_id IN (SELECT run_id FROM run_parts WHERE project = {project:String}
      AND (toString(run_id) IN ${HEX_IDS} OR replaceAll(JSONExtractString(body, 'trace_id'), '-', '') IN ${HEX_IDS}))`,
  ],
  ["score_outcomes", `toString(trace_id) IN ${HEX_IDS}`],
  ["trace_verdicts", `trace_id IN ${TRACES}`],
  ["trace_times", `trace_id IN ${TRACES}`],
  ["spans", `trace_id IN ${TRACES}`],
  ["trace_keys", `trace_id IN ${TRACES}`],
];

/**
 * The condition that a trace has no spans left: one with spans that arrived
 * meanwhile keeps the keys by which it is found, to be erased again.
 */
const IS_EMPTIED = `trace_id NOT IN (SELECT trace_id FROM spans WHERE project = {project:String} AND trace_id IN ${TRACES})`;

const FIND_TRACES = {
  trace: "SELECT toFixedString(unhex({value:String}), 16) AS trace_id",
  user: "SELECT DISTINCT trace_id FROM trace_keys WHERE project = {project:String} AND key = 'user' AND value = {value:String}",
  session: "SELECT DISTINCT trace_id FROM trace_keys WHERE project = {project:String} AND key = 'session' AND value = {value:String}",
} as const;

/** Marks minutes whose sums must be recomputed: as if none of their rows had been rolled up yet. */
const COMPUTE_AGAIN = `INSERT INTO trend_minutes (project, minute, rows, computed_at)
SELECT DISTINCT {project:String}, minute, 0, now64(6) ${THIS} AND minute != toDateTime(0, 'UTC')`;

/** Erases telemetry for good, from every table that holds it. */
export type EraseStore = ReturnType<typeof createEraseStore>;

export function createEraseStore(clickhouse: ClickHouseClient) {
  /** Calls `work` with the deletions of a subject, table by table. */
  async function ofSubject(
    project: string,
    { kind, value }: NamedSubject,
    work: (deletions: Deletion[], params: Record<string, unknown>) => Promise<TableRows[]>,
  ): Promise<TableRows[]> {
    const erasure = newId();
    const params = { project, value, erasure, keys: NAMED_BY[kind] };
    const run = (query: string): Promise<unknown> => clickhouse.command({ query, query_params: params });
    await run("INSERT INTO erasing SELECT {erasure:String}, toFixedString('', 16), toDateTime(0, 'UTC'), {value:String}");
    try {
      await run(`INSERT INTO erasing SELECT {erasure:String}, trace_id, toDateTime(0, 'UTC'), '' FROM (${FIND_TRACES[kind]})`);
      await run(`INSERT INTO erasing SELECT DISTINCT {erasure:String}, trace_id, toStartOfMinute(start_time), '' FROM spans
WHERE project = {project:String} AND trace_id IN ${TRACES}`);
      const deletions = OF_TRACES.map(([table, condition]) => ({
        table,
        sql: `project = {project:String} AND ${condition}`,
        params,
        reason: REASON,
      }));
      return await work(deletions, params);
    } finally {
      await run(`ALTER TABLE erasing DROP PARTITION '${erasure}'`);
    }
  }

  /** Every row of a project in every table with projects; the ledger last, since the deletions from the others are recorded in it. */
  async function ofProject(project: string): Promise<Deletion[]> {
    const sql = `SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'
  AND name IN (SELECT table FROM system.columns WHERE database = currentDatabase() AND name = 'project') ORDER BY name = 'ledger', name`;
    const tables = await readRows(clickhouse, { sql, params: {} }, z.object({ name: z.string() }));
    return tables.map(({ name }) => ({ table: name, sql: "project = {project:String}", params: { project }, reason: REASON }));
  }

  async function each(deletions: readonly Deletion[], work: (deletion: Deletion) => Promise<TableRows>): Promise<TableRows[]> {
    const done: TableRows[] = [];
    for (const one of deletions) done.push(await work(one));
    return done.filter(({ rows }) => rows > 0);
  }

  return {
    /** The ids of a subject's traces, 32 hex digits each. Those of a whole project are not listed. */
    async traces(project: string, subject: ErasureSubject): Promise<string[]> {
      if (subject.kind === "project" || subject.kind === "trace") return [];
      const sql = `SELECT lower(hex(trace_id)) AS id FROM (${FIND_TRACES[subject.kind]})`;
      const found = await readRows(
        clickhouse,
        { sql, params: { project, value: subject.value } },
        z.object({ id: z.string() }),
        LOOK_SECONDS_MAX,
      );
      return found.map(({ id }) => id);
    },

    /** The number of rows that an erasure would delete, by table. */
    async preview(project: string, subject: ErasureSubject): Promise<TableRows[]> {
      const count = (deletions: readonly Deletion[]): Promise<TableRows[]> => each(deletions, (one) => countRows(clickhouse, one));
      return subject.kind === "project" ? count(await ofProject(project)) : ofSubject(project, subject, count);
    },

    /**
     * Erases a subject; returns the number of deleted rows by table. When it resolves no query
     * returns them (see `deleteRows` for their files), except for the sums behind charts, which are
     * recomputed within minutes. Spans of the trace that arrive later form a trace of their own.
     */
    async erase(project: string, subject: ErasureSubject): Promise<TableRows[]> {
      const erase = (deletions: readonly Deletion[]): Promise<TableRows[]> => each(deletions, (one) => deleteRows(clickhouse, one));
      if (subject.kind === "project") return erase(await ofProject(project));
      return ofSubject(project, subject, async (deletions, params) => {
        const gone = await erase(
          deletions.map((one) => (one.table === "trace_keys" ? { ...one, sql: `${one.sql} AND ${IS_EMPTIED}` } : one)),
        );
        await clickhouse.command({ query: COMPUTE_AGAIN, query_params: params });
        return gone;
      });
    },
  };
}
