import type { ClickHouseClient } from "@clickhouse/client";
import type { TailSampling } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import { countOf, dropSpans, isDropSettled } from "./dropSpans.ts";

/** Traces that last longer are not seen whole, and are kept. */
const TRACE_MINUTES_MAX = 15;

/** The time for which a trace's verdict applies to spans of it that arrive later, in hours. */
const VERDICT_HOURS = 2;

/** Verdicts with this reason belong to `runCopyStore.ts`, which does not drop all spans of a trace. */
export const COPY = "copy";

/** One round over a project's traces: those last heard of in [`from`, `until`) are over. Both are milliseconds since 1970. */
export interface TailRound {
  project: string;
  from: number;
  until: number;
}

/** The number of traces that got a verdict, by reason. */
export interface TailVerdicts {
  isKept: boolean;
  reason: string;
  traces: number;
}

const VerdictRow = z.object({ isKept: z.boolean(), reason: z.string(), traces: z.coerce.number() });

const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;

const RECEIVED_IN_SIGHT = `received_at >= ${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX} MINUTE AND received_at < ${moment("until")}`;

/** Spans that may belong to a trace that is over in this round. */
const IN_SIGHT = `project = {project:String} AND ${RECEIVED_IN_SIGHT}`;

const VERDICTS_FROM = `${moment("until")} - INTERVAL ${VERDICT_HOURS} HOUR`;

/** Kinds with a cost of their own; others report the cost of the spans below them. */
const PRICED = "kind IN ('llm', 'embedding', 'reranker')";

/** Whether a trace is among a share of all (model/src/sampling.ts: `isSampled`): the last 56 bits of its id as a fraction. */
const IS_IN_REST = "reinterpretAsUInt64(reverse(substring(trace_id, 10, 7))) / exp2(56) >= 1 - {restShare:Float64}";

/** A summary of every trace that is over, and the first reason to keep it. A limit that is not set is null, which nothing exceeds. */
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

/** Dropped traces with spans outside of the round's view, which stay. */
const PARTLY = `SELECT DISTINCT trace_id FROM spans
WHERE project = {project:String} AND NOT (${RECEIVED_IN_SIGHT}) AND trace_id IN (${NOT_KEPT})
  AND start_time >= ${timeOf("min(first)")} AND start_time <= ${timeOf("max(last)")}`;

/**
 * Traces with no spans left after the round: nearly always all dropped ones,
 * for which each part of a table is searched in a fraction of the time.
 */
const isEmptied = (partly: number): string =>
  `project = {project:String} AND trace_id IN (${NOT_KEPT})${partly === 0 ? "" : ` AND trace_id NOT IN (${PARTLY})`}`;

/** The time from which the ledger may already hold records of this round's drops. */
const TOLD_SINCE = `minute >= toStartOfMinute(${moment("from")} - INTERVAL ${TRACE_MINUTES_MAX} MINUTE)`;

/**
 * Judges and drops traces inside the store. Every method may be repeated
 * after a crash: no trace is judged twice, and dropped ones stay dropped.
 */
export interface TailStore {
  /** Whether no query returns anything that was dropped so far. */
  isSettled(): Promise<boolean>;
  /** Gives every trace that is over its verdict, once. */
  decide(round: TailRound, rules: TailSampling): Promise<TailVerdicts[]>;
  /** Drops the traces that are not kept, including late spans of traces judged earlier; returns the number of span rows. */
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
