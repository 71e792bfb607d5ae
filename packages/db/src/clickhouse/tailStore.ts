import type { ClickHouseClient } from "@clickhouse/client";
import type { TailSampling } from "@signalbox/model";
import { z } from "zod";
import { tellDeleted } from "./deletions.ts";
import { readRows, type Statement } from "./readRows.ts";

/** Traces that last longer than this cannot be judged by what is looked at, and are kept. */
const TRACE_MINUTES_MAX = 15;

/** How long a trace's verdict counts for spans of it that come later, in hours. */
const VERDICT_HOURS = 2;

/** One look at a project's traces: those that were last heard of from `from` until before `until` are over. Both are milliseconds since 1970. */
export interface TailRound {
  project: string;
  from: number;
  until: number;
}

/** How many traces a verdict was given to, and why. */
export interface TailVerdicts {
  isKept: boolean;
  reason: string;
  traces: number;
}

const VerdictRow = z.object({ isKept: z.boolean(), reason: z.string(), traces: z.coerce.number() });
const CountRow = z.object({ count: z.coerce.number() });

const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;

const RECEIVED_IN_SIGHT = `received_at >= ${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX} MINUTE AND received_at < ${moment("until")}`;

/** Spans that may belong to a trace that is over in a round. */
const IN_SIGHT = `project = {project:String} AND ${RECEIVED_IN_SIGHT}`;

const VERDICTS_FROM = `${moment("until")} - INTERVAL ${VERDICT_HOURS} HOUR`;

/** Kinds whose cost is their own; others report what the spans below them cost. */
const PRICED = "kind IN ('llm', 'embedding', 'reranker')";

/** Whether a trace is among a share of all (model/src/sampling.ts: `isSampled`): the last 56 bits of its id as a fraction. */
const IS_IN_REST = "reinterpretAsUInt64(reverse(substring(trace_id, 10, 7))) / exp2(56) >= 1 - {restShare:Float64}";

/** What happened in every trace that is over, and the first reason to keep it. A limit that is not set is null, which nothing exceeds. */
const VERDICTS = `
SELECT project, trace_id, reason != 'rest' AS is_kept, reason, ${moment("until")} AS decided_at
FROM (
  SELECT
    project,
    trace_id,
    countIf(status = 'error') AS errors,
    dateDiff('microsecond', min(start_time), max(end_time)) / 1000 AS lasted_ms,
    greatest(toFloat64(sumIf(cost_usd, ${PRICED})), toFloat64(max(cost_usd))) AS cost,
    multiIf(
      min(received_at) < ${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX - 1} MINUTE, 'long',
      {keepErrors:Bool} AND errors > 0, 'error',
      ifNull(lasted_ms > {slowerThanMs:Nullable(Float64)}, false), 'slow',
      ifNull(cost > {costlierThanUsd:Nullable(Float64)}, false), 'expensive',
      {scoredBelow:Nullable(Float64)} IS NOT NULL AND trace_id IN (
        SELECT unhex(trace_id) FROM scores FINAL WHERE project = {project:String} AND value < {scoredBelow:Nullable(Float64)} AND time >= ${moment("from")} - INTERVAL 1 DAY
      ), 'low score',
      ${IS_IN_REST}, 'share',
      'rest'
    ) AS reason
  FROM spans FINAL
  WHERE ${IN_SIGHT}
  GROUP BY project, trace_id
  HAVING max(received_at) >= ${moment("from")}
)
WHERE trace_id NOT IN (SELECT trace_id FROM spans WHERE project = {project:String} AND received_at >= ${moment("until")})
  AND trace_id NOT IN (SELECT trace_id FROM trace_verdicts WHERE project = {project:String} AND decided_at >= ${VERDICTS_FROM})`;

const NOT_KEPT = `SELECT trace_id FROM trace_verdicts FINAL WHERE project = {project:String} AND NOT is_kept AND decided_at >= ${VERDICTS_FROM}`;

const DROPPED = `${IN_SIGHT} AND trace_id IN (${NOT_KEPT})`;

/** Small tables that lead to a trace. */
const WAYS = ["trace_times", "trace_keys"] as const;

const timeOf = (edge: string): string => `(SELECT ${edge} FROM trace_times WHERE project = {project:String} AND trace_id IN (${NOT_KEPT}))`;

/** Traces that are not kept and have spans outside of what a round looks at, which stay. */
const PARTLY = `SELECT DISTINCT trace_id FROM spans
WHERE project = {project:String} AND NOT (${RECEIVED_IN_SIGHT}) AND trace_id IN (${NOT_KEPT})
  AND start_time >= ${timeOf("min(first)")} AND start_time <= ${timeOf("max(last)")}`;

/** Traces of which nothing is left when what a round drops is gone: nearly always all that are not kept, which each part of a table is asked for in a fraction of the time. */
const isEmptied = (partly: number): string =>
  `project = {project:String} AND trace_id IN (${NOT_KEPT})${partly === 0 ? "" : ` AND trace_id NOT IN (${PARTLY})`}`;

const TELL_DROPPED = tellDeleted(
  "spans",
  DROPPED,
  "tail",
  `minute >= toStartOfMinute(${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX} MINUTE)`,
);

/** Has the sums behind charts computed anew for the minutes whose spans are about to go: their count of arrivals stays, and becomes younger. */
const TELL_ROLLUPS = `
INSERT INTO minute_arrivals (project, minute, rows, arrived_at)
SELECT {project:String}, toStartOfMinute(start_time) AS minute, 0, now64(3) FROM spans WHERE ${DROPPED} GROUP BY minute`;

/** Traces are judged and dropped where they are. Every method may be called again after a crash: nothing is judged twice, and what is dropped stays dropped. */
export interface TailStore {
  /** Whether everything that was dropped so far is gone from what is read. */
  isSettled(): Promise<boolean>;
  /** Gives every trace that is over its verdict, once. */
  decide(round: TailRound, rules: TailSampling): Promise<TailVerdicts[]>;
  /** Takes traces that are not kept out of the tables, late spans of traces that were judged before too; returns how many rows of spans. */
  drop(round: TailRound): Promise<number>;
}

export function createTailStore(clickhouse: ClickHouseClient): TailStore {
  async function run({ sql, params }: Statement, settings: Record<string, string | number> = {}): Promise<void> {
    await clickhouse.command({ query: sql, query_params: params, clickhouse_settings: settings });
  }

  return {
    async isSettled() {
      const sql = `SELECT count() AS count FROM system.mutations
WHERE database = currentDatabase() AND table IN ('spans', '${WAYS.join("', '")}') AND NOT is_done`;
      const [row] = await readRows(clickhouse, { sql, params: {} }, CountRow);
      return row?.count === 0;
    },

    async decide(round, { waitSeconds: _, ...rules }) {
      const token = `tail:${round.project}:${round.until}`;
      await run({ sql: `INSERT INTO trace_verdicts ${VERDICTS}`, params: { ...round, ...rules } }, { insert_deduplication_token: token });
      const sql = `SELECT is_kept AS isKept, reason, count() AS traces FROM trace_verdicts FINAL
WHERE project = {project:String} AND decided_at = ${moment("until")} GROUP BY is_kept, reason`;
      return readRows(clickhouse, { sql, params: { ...round } }, VerdictRow);
    },

    async drop(round) {
      const [row] = await readRows(
        clickhouse,
        { sql: `SELECT count() AS count FROM spans FINAL WHERE ${DROPPED}`, params: { ...round } },
        CountRow,
      );
      const count = row?.count ?? 0;
      if (count === 0) return 0;
      await run({ sql: TELL_DROPPED, params: { ...round } });
      await run({ sql: TELL_ROLLUPS, params: { ...round } });
      // The spans last: as long as they are there, a round that was interrupted is repeated.
      const [partly] = await readRows(clickhouse, { sql: `SELECT count() AS count FROM (${PARTLY})`, params: { ...round } }, CountRow);
      const emptied = isEmptied(partly?.count ?? 0);
      for (const way of WAYS)
        await run({ sql: `DELETE FROM ${way} WHERE ${emptied}`, params: { ...round } }, { lightweight_deletes_sync: 0 });
      await run({ sql: `DELETE FROM spans WHERE ${DROPPED}`, params: { ...round } }, { lightweight_deletes_sync: 0 });
      return count;
    },
  };
}
