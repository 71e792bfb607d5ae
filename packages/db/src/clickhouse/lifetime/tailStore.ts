import type { ClickHouseClient } from "@clickhouse/client";
import type { TailSampling } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import { countOf, dropSpans, isDropSettled } from "./dropSpans.ts";

/** Traces that last longer than this cannot be judged by what is looked at, and are kept. */
const TRACE_MINUTES_MAX = 15;

/** How long a trace's verdict counts for spans of it that come later, in hours. */
const VERDICT_HOURS = 2;

/** Verdicts of this reason are the run copies' (`runCopyStore.ts`), of which not all spans go. */
export const COPY = "copy";

/**
 * One look at a project's traces: those that were last heard of from
 * `from` until before `until` are over. Both are milliseconds since 1970.
 */
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

const NOT_KEPT = `SELECT trace_id FROM trace_verdicts FINAL
WHERE project = {project:String} AND NOT is_kept AND reason != '${COPY}' AND decided_at >= ${VERDICTS_FROM}`;

const DROPPED = `${IN_SIGHT} AND trace_id IN (${NOT_KEPT})`;

const timeOf = (edge: string): string => `(SELECT ${edge} FROM trace_times WHERE project = {project:String} AND trace_id IN (${NOT_KEPT}))`;

/** Traces that are not kept and have spans outside of what a round looks at, which stay. */
const PARTLY = `SELECT DISTINCT trace_id FROM spans
WHERE project = {project:String} AND NOT (${RECEIVED_IN_SIGHT}) AND trace_id IN (${NOT_KEPT})
  AND start_time >= ${timeOf("min(first)")} AND start_time <= ${timeOf("max(last)")}`;

/**
 * Traces of which nothing is left when what a round drops is gone: nearly always all
 * that are not kept, which each part of a table is asked for in a fraction of the time.
 */
const isEmptied = (partly: number): string =>
  `project = {project:String} AND trace_id IN (${NOT_KEPT})${partly === 0 ? "" : ` AND trace_id NOT IN (${PARTLY})`}`;

/** From when on what a round drops may have been told to the ledger before. */
const TOLD_SINCE = `minute >= toStartOfMinute(${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX} MINUTE)`;

/**
 * Traces are judged and dropped where they are. Every method may be called again
 * after a crash: nothing is judged twice, and what is dropped stays dropped.
 */
export interface TailStore {
  /** Whether everything that was dropped so far is gone from what is read. */
  isSettled(): Promise<boolean>;
  /** Gives every trace that is over its verdict, once. */
  decide(round: TailRound, rules: TailSampling): Promise<TailVerdicts[]>;
  /** Takes traces that are not kept out of the tables, late spans of traces that were judged before too; returns how many rows of spans. */
  drop(round: TailRound): Promise<number>;
}

export function createTailStore(clickhouse: ClickHouseClient): TailStore {
  return {
    isSettled: () => isDropSettled(clickhouse),

    async decide(round, { waitSeconds: _, ...rules }) {
      await clickhouse.command({
        query: `INSERT INTO trace_verdicts ${VERDICTS}`,
        query_params: { ...round, ...rules },
        clickhouse_settings: { insert_deduplication_token: `tail:${round.project}:${round.until}` },
      });
      const sql = `SELECT is_kept AS isKept, reason, count() AS traces FROM trace_verdicts FINAL
WHERE project = {project:String} AND decided_at = ${moment("until")} AND reason != '${COPY}' GROUP BY is_kept, reason`;
      return readRows(clickhouse, { sql, params: { ...round } }, VerdictRow);
    },

    async drop(round) {
      const params = { ...round };
      const emptied = async (): Promise<string> =>
        isEmptied(await countOf(clickhouse, { sql: `SELECT count() AS count FROM (${PARTLY})`, params }));
      return dropSpans(clickhouse, { spans: DROPPED, emptied, reason: "tail", since: TOLD_SINCE, params });
    },
  };
}
