import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { boundIds, hexOf } from "../clickhouse/ids.ts";
import { readRows } from "../clickhouse/readRows.ts";
import { moment, USAGE_KINDS } from "../clickhouse/traces/traceFilter.ts";

/** A trace, and the time (milliseconds) until which arriving data counts. */
export interface BoundTrace {
  readonly traceId: string;
  readonly until: number;
}

/**
 * The cost of a trace's model calls, in US dollars; null where the price of
 * one is unknown. `at` is the arrival of the last of its spans (milliseconds).
 */
export interface TraceCost {
  readonly costUsd: number | null;
  readonly at: number;
}

/** A score of a trace, or of one of its spans (`isOwn` false). `time` is its sender's, `at` its arrival (milliseconds). */
export interface TraceScore {
  readonly name: string;
  readonly isOwn: boolean;
  readonly value: number;
  readonly time: number;
  readonly at: number;
}

const Cost = z
  .object({ traceId: z.string(), costUsd: z.coerce.number().nullable(), withoutCost: z.coerce.number(), at: z.coerce.number() })
  .transform(({ traceId, costUsd, withoutCost, at }) => ({ traceId, costUsd: withoutCost > 0 ? null : (costUsd ?? 0), at }));

/** Where clocks disagree, a task's spans may begin before the store admitted it. */
const BEFORE = "INTERVAL 1 HOUR";
const AFTER = "INTERVAL 1 DAY";

/** The last version of a span that arrived in time counts; a call that wraps another is counted by the inner one. */
const COSTS = `WITH
  kind IN ${USAGE_KINDS} AS is_call,
  groupArrayIf((span_id, cost_usd), is_call) AS calls,
  groupUniqArrayIf(parent_span_id, is_call) AS parents,
  arrayFilter((call, nth) -> nth = 1, calls, arraySlice(arrayEnumerateUniq(arrayConcat(parents, calls.1)), length(parents) + 1)) AS counted
SELECT ${hexOf("trace_id")} AS traceId, toFloat64(arrayReduce('sum', counted.2)) AS costUsd, arrayCount(call -> call.2 IS NULL, counted) AS withoutCost,
  toUnixTimestamp64Milli(max(received_at)) AS at
FROM (
  SELECT trace_id, span_id, parent_span_id, kind, cost_usd, received_at
  FROM spans
  WHERE project = {project:String} AND start_time >= ${moment("from")} - ${BEFORE} AND start_time < ${moment("to")} + ${AFTER} AND trace_id IN ${boundIds("traceIds")}
    AND toUnixTimestamp64Milli(received_at) <= transform(${hexOf("trace_id")}, {traceIds:Array(String)}, {untils:Array(Int64)}, toInt64(0))
  ORDER BY received_at DESC
  LIMIT 1 BY trace_id, span_id
) AS versions
GROUP BY trace_id`;

const paramsOf = (project: string, traces: readonly BoundTrace[]) => ({
  project,
  traceIds: traces.map(({ traceId }) => traceId),
  untils: traces.map(({ until }) => until),
});

const nanosOf = (time: Date): string => String(BigInt(time.getTime()) * 1_000_000n);

/** The costs of traces that begin within a time range; traces without stored spans are missing. */
export async function readTraceCosts(
  clickhouse: ClickHouseClient,
  { project, since, until }: { project: string; since: Date; until: Date },
  traces: readonly BoundTrace[],
): Promise<Map<string, TraceCost>> {
  const params = { ...paramsOf(project, traces), from: nanosOf(since), to: nanosOf(until) };
  const rows = await readRows(clickhouse, { sql: COSTS, params }, Cost);
  return new Map(rows.map(({ traceId, ...cost }) => [traceId, cost]));
}

const Score = z.object({
  traceId: z.string(),
  name: z.string(),
  isOwn: z.coerce.boolean(),
  value: z.number(),
  time: z.coerce.number(),
  at: z.coerce.number(),
});

/** A score written by a service of ours has no receipt: it was known when it was given. */
const SCORES = `SELECT toString(trace_id) AS traceId, name, span_id = '' AS isOwn, value, toUnixTimestamp64Milli(time) AS time,
  if(toUnixTimestamp64Micro(received_at) > 0, toUnixTimestamp64Milli(received_at), toUnixTimestamp64Milli(scores.time)) AS at
FROM scores
WHERE project = {project:String} AND trace_id IN {traceIds:Array(String)} AND name IN {names:Array(String)}
  AND at <= transform(toString(trace_id), {traceIds:Array(String)}, {untils:Array(Int64)}, toInt64(0))
ORDER BY traceId, name, isOwn, time, scorer, value`;

/**
 * The scores of traces under the given names, ordered such that the latest of each trace and name comes
 * last, and the trace's own after those of its spans. A replaced score may or may not still appear.
 */
export async function readTraceScores(
  clickhouse: ClickHouseClient,
  project: string,
  traces: readonly BoundTrace[],
  names: readonly string[],
): Promise<Map<string, TraceScore[]>> {
  const rows = await readRows(clickhouse, { sql: SCORES, params: { ...paramsOf(project, traces), names } }, Score);
  return Map.groupBy(rows, ({ traceId }) => traceId);
}
