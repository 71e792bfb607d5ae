import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { isRoot } from "../ids.ts";
import { readRows } from "../readRows.ts";
import { USAGE_KINDS } from "../traces/traceFilter.ts";

const Count = z.coerce.number();

/** A minute whose roll-up is behind: unix seconds, and the rows that had arrived for it at `readAt`. */
const BehindMinute = z.object({ project: z.string(), minute: Count, arrived: z.string(), readAt: z.string() });
type BehindMinute = z.infer<typeof BehindMinute>;

const Bounds = z.object({ first: z.string(), last: z.string() });
const Minute = z.object({ minute: Count });

/** The most minutes per round, and the most rows, unless a single minute has more: a round must fit memory and a query's time limit. */
const ROUND_MINUTES_MAX = 1_440;
const ROUND_ROWS_MAX = 500_000;

/**
 * The delay after which both the rows of an insert and their count in `minute_arrivals` are visible; they do not appear at the same moment.
 */
const SETTLED_AFTER = "INTERVAL 60 SECOND";

/** How far from the computed minute a span's trace is looked at. */
const SPREAD_SECONDS = 86_400;

/** Sketches of durations with 1 % relative error, which merging does not increase. */
export const SKETCH = "quantilesDD";
export const SKETCH_PARAMS = "(0.01, 0.5, 0.95, 0.99)";

/** The newest minutes with rows that are not rolled up yet, or that were rolled up before all of their rows could be seen. */
const BEHIND = `SELECT project, toUnixTimestamp(minute) AS minute, toString(total) AS arrived, toString(now64(6)) AS readAt
FROM (SELECT project, minute, sum(minute_arrivals.rows) AS total, max(arrived_at) AS newest FROM minute_arrivals GROUP BY project, minute) AS arrivals
LEFT JOIN (SELECT project, minute, rows AS seen, computed_at FROM trend_minutes FINAL) AS computed USING (project, minute)
WHERE total != seen OR (computed_at < newest + ${SETTLED_AFTER} AND now64(3) >= newest + ${SETTLED_AFTER})
ORDER BY project, minute DESC
LIMIT {minutesMax:UInt32}`;

const inMinutes = `start_time >= toDateTime({minuteFirst:UInt32}) AND start_time < toDateTime({minuteLast:UInt32}) + INTERVAL 1 MINUTE AND toUnixTimestamp(toStartOfMinute(start_time)) IN {minutes:Array(UInt32)}`;
const touched = `SELECT trace_id FROM spans WHERE project = {project:String} AND ${inMinutes}`;
const inScope = `project = {project:String} AND start_time >= fromUnixTimestamp64Nano({first:Int64}, 'UTC') AND start_time <= fromUnixTimestamp64Nano({last:Int64}, 'UTC') AND trace_id IN (${touched})`;

/** The range of span starts of the traces that have a span in the given minutes. */
const SCOPE = `SELECT toString(greatest(toUnixTimestamp64Nano(min(trace_times.first)), 1000000000 * (toInt64({minuteFirst:UInt32}) - ${SPREAD_SECONDS}))) AS first,
  toString(least(toUnixTimestamp64Nano(max(trace_times.last)), 1000000000 * (toInt64({minuteLast:UInt32}) + ${SPREAD_SECONDS}))) AS last
FROM trace_times
WHERE project = {project:String} AND trace_id IN (${touched})`;

/**
 * Further minutes that may change with these: a span that now has another start was
 * counted under the old one, and a call was counted until another call inside it arrived.
 */
const AFFECTED = `SELECT DISTINCT toUnixTimestamp(minute) AS minute FROM (
  SELECT arrayJoin(groupUniqArray(toStartOfMinute(start_time))) AS minute FROM spans WHERE ${inScope} GROUP BY trace_id, span_id HAVING uniqExact(start_time) > 1
  UNION ALL
  SELECT toStartOfMinute(start_time) FROM spans WHERE ${inScope} AND kind IN ${USAGE_KINDS}
    AND (trace_id, span_id) IN (SELECT trace_id, parent_span_id FROM spans WHERE ${inScope} AND kind IN ${USAGE_KINDS})
)`;

const onePerSpan = (columns: string): string =>
  `(SELECT ${columns} FROM spans WHERE ${inScope} ORDER BY received_at DESC LIMIT 1 BY trace_id, span_id)`;

const SUMMED = "count, errors, input_tokens, output_tokens, cost_usd, without_cost, duration_ms";

/** Computes whole minutes. A sum that a minute no longer has becomes zero: its key is there, but no span of it `isThere`. */
const COMPUTE_MINUTES = `INSERT INTO trend_rollups (project, unit, time, subject, service, model, ${SUMMED}, computed_at)
SELECT {project:String}, 'minute', time, subject, service, model, sum(isThere), countIf(failed), sum(input), sum(output), sum(cost), countIf(isUnpriced),
  ${SKETCH}StateIf${SKETCH_PARAMS}(ms, isThere), now64(6)
FROM (
  SELECT arrayJoin(arrayConcat(
      if(${isRoot()}, [('trace', toString(spans.service), ''), ('every trace', '', '')], []),
      if(kind IN ${USAGE_KINDS} AND (trace_id, span_id) NOT IN (
        SELECT trace_id, parent_span_id FROM ${onePerSpan("trace_id, span_id, parent_span_id, kind")} WHERE kind IN ${USAGE_KINDS}
      ), [('call', toString(spans.service), toString(spans.model)), ('every call', '', '')], [])
)) AS told,
    toStartOfMinute(start_time) AS time, told.1 AS subject, told.2 AS service, told.3 AS model, 1 AS isThere, status = 'error' AS failed,
    told.1 IN ('call', 'every call') AS isCall, if(isCall, ifNull(input_tokens, 0), 0) AS input, if(isCall, ifNull(output_tokens, 0), 0) AS output,
    if(isCall, ifNull(cost_usd, 0), 0) AS cost, isCall AND cost_usd IS NULL AS isUnpriced,
    (toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6 AS ms
  FROM ${onePerSpan("trace_id, span_id, parent_span_id, kind, service, model, status, start_time, end_time, input_tokens, output_tokens, cost_usd")} AS spans
  WHERE ${inMinutes}
  UNION ALL
  SELECT ('', '', ''), time, toString(subject), service, model, 0, 0, 0, 0, 0, toDecimal64(0, 9), 0, 0
  FROM trend_rollups FINAL
  WHERE project = {project:String} AND unit = 'minute' AND toUnixTimestamp(time) IN {minutes:Array(UInt32)}
)
GROUP BY time, subject, service, model`;

const COMPUTE_HOURS = `INSERT INTO trend_rollups (project, unit, time, subject, service, model, ${SUMMED}, computed_at)
SELECT project, 'hour', toStartOfHour(minutes.time) AS hour, subject, service, model, sum(count), sum(errors), sum(input_tokens), sum(output_tokens),
  sum(cost_usd), sum(without_cost), ${SKETCH}MergeState${SKETCH_PARAMS}(duration_ms), now64(6)
FROM trend_rollups AS minutes FINAL
WHERE project = {project:String} AND unit = 'minute' AND time >= toDateTime({hourFirst:UInt32}) AND time < toDateTime({hourLast:UInt32}) + INTERVAL 1 HOUR
  AND toUnixTimestamp(toStartOfHour(time)) IN {hours:Array(UInt32)}
GROUP BY project, hour, subject, service, model`;

/** Keeps the sums behind charts in step with the spans. */
export type TrendRollups = ReturnType<typeof createTrendRollups>;

/**
 * Keeps the sums over traces and calls in step with the spans of one ClickHouse. May be called by anyone, at any
 * rate, even concurrently: minutes are computed completely from one row per span, and the latest computation wins.
 */
export function createTrendRollups(clickhouse: ClickHouseClient) {
  const write = (query: string, params: Record<string, unknown>): Promise<unknown> =>
    clickhouse.command({ query, query_params: params, clickhouse_settings: { do_not_merge_across_partitions_select_final: 1 } });

  async function compute(project: string, minutes: readonly number[]): Promise<void> {
    const [minuteFirst, minuteLast] = [Math.min(...minutes), Math.max(...minutes)];
    const given = { project, minutes, minuteFirst, minuteLast };
    const [scope] = await readRows(clickhouse, { sql: SCOPE, params: given }, Bounds);
    const affected = await readRows(clickhouse, { sql: AFFECTED, params: { ...given, ...scope } }, Minute);
    const all = [...new Set([...minutes, ...affected.map(({ minute }) => minute)])];
    const whole = { project, minutes: all, minuteFirst: Math.min(...all), minuteLast: Math.max(...all) };
    const [wholeScope] = await readRows(clickhouse, { sql: SCOPE, params: whole }, Bounds);
    await write(COMPUTE_MINUTES, { ...whole, ...wholeScope });
    const hours = [...new Set(all.map((minute) => minute - (minute % 3_600)))];
    await write(COMPUTE_HOURS, { project, hours, hourFirst: Math.min(...hours), hourLast: Math.max(...hours) });
  }

  return {
    /** Rolls up what has arrived, a project's newest minutes first, at most one round; returns whether more is waiting. */
    async catchUp(): Promise<"more" | "idle"> {
      const behind = await readRows(clickhouse, { sql: BEHIND, params: { minutesMax: ROUND_MINUTES_MAX + 1 } }, BehindMinute);
      const round = firstRound(behind);
      const [first] = round;
      if (first === undefined) return "idle";
      await compute(
        first.project,
        round.map(({ minute }) => minute),
      );
      const values = round.map(({ project, minute, arrived, readAt }) => ({ project, minute, rows: arrived, computed_at: readAt }));
      await clickhouse.insert({ table: "trend_minutes", values, format: "JSONEachRow" });
      return round.length < behind.length ? "more" : "idle";
    },
  };
}

/** The first minutes of one project that together fit a round. */
function firstRound(behind: readonly BehindMinute[]): BehindMinute[] {
  const round: BehindMinute[] = [];
  let rows = 0;
  for (const one of behind) {
    rows += Number(one.arrived);
    const isFull = round.length === ROUND_MINUTES_MAX || (round.length > 0 && rows > ROUND_ROWS_MAX);
    if (isFull || one.project !== (round[0]?.project ?? one.project)) return round;
    round.push(one);
  }
  return round;
}
