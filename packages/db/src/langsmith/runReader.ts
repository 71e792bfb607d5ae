import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { boundIds, boundSpanIds, hexOf, isRoot } from "../clickhouse/ids.ts";
import { readRows, type Statement } from "../clickhouse/readRows.ts";
import { createRunPartStore, type RunPartStore } from "../clickhouse/write/runPartStore.ts";

/** Where a run stands among others: by its start (nanoseconds since 1970) and its ids, 32 and 16 hex digits. */
export interface RunPlace {
  readonly startNs: string;
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Which runs of LangSmith's clients to read: all that meet every condition that is told. A list that is empty is no condition. Sessions are
 * meant by name or by id, runs by the 32 digits of their UUIDs and the 16 of their spans, traces by 32 digits; parents and examples are
 * UUIDs as clients write them.
 */
export interface RunQuery {
  readonly project: string;
  readonly sessions: readonly { readonly id: string; readonly name: string }[];
  readonly runs: readonly { readonly id: string; readonly spanId: string }[];
  readonly traceIds: readonly string[];
  readonly examples: readonly string[];
  readonly parent?: string;
  readonly runType?: string;
  readonly isRoot?: boolean;
  readonly isFailed?: boolean;
  readonly from?: Date;
  readonly order: "asc" | "desc";
  readonly after?: RunPlace;
  readonly limit: number;
}

/** A run as its span has it. `id`, `trace` and `parent` are UUIDs, the last empty for none; what is empty was not told. */
export interface StoredRun extends RunPlace {
  readonly id: string;
  readonly trace: string;
  readonly parent: string;
  readonly session: string;
  readonly sessionId: string;
  readonly name: string;
  readonly runType: string;
  readonly endNs: string;
  readonly status: string;
  readonly error: string;
  readonly tags: readonly string[];
  readonly dottedOrder: string;
  readonly example: string;
  readonly input: string;
  readonly output: string;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
}

/** A session that nobody made: the name that runs were sent to, and when the first of them began. */
export interface SessionOfRuns {
  readonly name: string;
  readonly startedAt: Date;
}

/** Reads what LangSmith's clients sent. `parts` is what they said of each run, for as long as that is kept. */
export interface RunReader {
  find(query: RunQuery): Promise<StoredRun[]>;
  /** Those of a name, or the latest 1,000. */
  sessions(project: string, name?: string): Promise<SessionOfRuns[]>;
  parts: RunPartStore["read"];
}

const attribute = (key: string): string => `attributes['langsmith.${key}']`;

const TOLD = `attributes['langsmith.span.id'] != ''`;

/** The starts of the first and of the last span of the traces. */
const TIMES = `(SELECT (min(first), max(last)) FROM trace_times WHERE project = {project:String} AND trace_id IN ${boundIds("traceIds")})`;

const OF_TRACES = `trace_id IN ${boundIds("traceIds")} AND start_time >= ${TIMES}.1 AND start_time <= ${TIMES}.2`;

/** The traces of runs by what their clients said, which is found by a run's id. */
const TRACES = `SELECT DISTINCT toString(run_id) AS runId, lower(replaceAll(JSONExtractString(body, 'trace_id'), '-', '')) AS traceId
FROM run_parts
WHERE project = {project:String} AND run_id IN {runIds:Array(String)} AND has(splitByChar(',', fields), 'trace_id') AND length(traceId) = 32`;

const TraceOfRun = z.object({ runId: z.string(), traceId: z.string() });

/** Conditions on what never changes of a run: they are looked for in every version of its row. */
function lasting(query: RunQuery): string[] {
  const { sessions, runs, traceIds, examples, parent, runType, from, after, order } = query;
  return [
    "project = {project:String}",
    TOLD,
    ...(sessions.length === 0
      ? []
      : [`(service IN {names:Array(String)} OR lower(${attribute("trace.session_id")}) IN {sessionIds:Array(String)})`]),
    ...(runs.length === 0 ? [] : [`span_id IN ${boundSpanIds("spanIds")}`]),
    ...(traceIds.length === 0 ? [] : [OF_TRACES]),
    ...(examples.length === 0 ? [] : [`lower(${attribute("reference_example_id")}) IN {examples:Array(String)}`]),
    ...(parent === undefined ? [] : [`lower(${attribute("span.parent_id")}) = {parent:String}`]),
    ...(runType === undefined ? [] : [`${attribute("span.kind")} = {runType:String}`]),
    ...(query.isRoot === undefined ? [] : [query.isRoot ? isRoot() : `NOT (${isRoot()})`]),
    ...(from === undefined ? [] : ["start_time >= fromUnixTimestamp64Milli({fromMs:Int64})"]),
    ...(after === undefined
      ? []
      : [
          `(toUnixTimestamp64Nano(start_time), ${hexOf("trace_id")}, ${hexOf("span_id")}) ${order === "asc" ? ">" : "<"} ({afterNs:Int64}, {afterTrace:String}, {afterSpan:String})`,
          `start_time ${order === "asc" ? ">=" : "<="} fromUnixTimestamp64Nano({afterNs:Int64})`,
        ]),
  ];
}

/** The last version of each row, the order being that of the table: what comes first is answered before the rest is read. */
export function runsOf(query: RunQuery): Statement {
  const { project, sessions, runs, traceIds, examples, parent, runType, from, after, limit } = query;
  const order = query.order === "asc" ? "ASC" : "DESC";
  const isFailed = query.isFailed === undefined ? "" : `WHERE status ${query.isFailed ? "=" : "!="} 'error'`;
  const sql = `SELECT ${attribute("span.id")} AS id, ${attribute("trace.id")} AS trace, ${attribute("span.parent_id")} AS parent,
  toString(toUnixTimestamp64Nano(start_time)) AS startNs, ${hexOf("trace_id")} AS traceId, ${hexOf("span_id")} AS spanId,
  service AS session, ${attribute("trace.session_id")} AS sessionId, name, ${attribute("span.kind")} AS runType,
  toString(toUnixTimestamp64Nano(end_time)) AS endNs, status, status_message AS error, tags, ${attribute("span.dotted_order")} AS dottedOrder,
  ${attribute("reference_example_id")} AS example, input_tokens AS inputTokens, output_tokens AS outputTokens, toFloat64(cost_usd) AS costUsd,
  multiIf(${attribute("input")} != '', ${attribute("input")}, input_messages != '', input_messages, tool_arguments) AS input,
  multiIf(${attribute("output")} != '', ${attribute("output")}, output_messages != '', output_messages, tool_result) AS output
FROM (
  SELECT * FROM spans WHERE ${lasting(query).join(" AND ")}
  ORDER BY start_time ${order}, trace_id ${order}, span_id ${order}, received_at DESC LIMIT 1 BY start_time, trace_id, span_id
) AS spans ${isFailed} LIMIT {limit:UInt32}`;
  const params = {
    ...{ project, traceIds, examples, limit },
    spanIds: runs.map(({ spanId }) => spanId),
    names: sessions.map(({ name }) => name),
    sessionIds: sessions.map(({ id }) => id),
    ...(parent === undefined ? {} : { parent }),
    ...(runType === undefined ? {} : { runType }),
    ...(from === undefined ? {} : { fromMs: from.getTime() }),
    ...(after === undefined ? {} : { afterNs: after.startNs, afterTrace: after.traceId, afterSpan: after.spanId }),
  };
  return { sql, params, ...(traceIds.length === 0 ? {} : { isSmall: true }) };
}

const Row = z.object({
  ...{ id: z.string(), trace: z.string(), parent: z.string(), startNs: z.string(), traceId: z.string(), spanId: z.string() },
  ...{ session: z.string(), sessionId: z.string(), name: z.string(), runType: z.string(), endNs: z.string(), status: z.string() },
  ...{ error: z.string(), tags: z.array(z.string()), dottedOrder: z.string(), example: z.string(), input: z.string(), output: z.string() },
  ...{ inputTokens: z.number().nullable(), outputTokens: z.number().nullable(), costUsd: z.coerce.number().nullable() },
});

const SESSIONS_MAX = 1_000;

const sessionsOf = (
  condition: string,
): string => `SELECT service AS name, toUnixTimestamp64Milli(toDateTime64(min(start_time), 3, 'UTC')) AS startedMs
FROM spans WHERE project = {project:String} AND source IN ('langsmith', 'langsmith_otel') AND ${condition}
GROUP BY service ORDER BY startedMs DESC, name LIMIT ${SESSIONS_MAX}`;

const Session = z
  .object({ name: z.string(), startedMs: z.coerce.number() })
  .transform(({ name, startedMs }) => ({ name, startedAt: new Date(startedMs) }));

/** Reads the runs of LangSmith's clients from one ClickHouse. */
export function createRunReader(clickhouse: ClickHouseClient): RunReader {
  /**
   * Adds the traces of runs that are asked for by their ids, for as long as what their clients said is kept. Later they are looked for
   * among all spans.
   */
  async function withTraces(query: RunQuery): Promise<RunQuery> {
    const { project, runs, traceIds } = query;
    if (runs.length === 0 || traceIds.length > 0) return query;
    const told = await readRows(
      clickhouse,
      { sql: TRACES, params: { project, runIds: runs.map(({ id }) => id) }, isSmall: true },
      TraceOfRun,
    );
    const known = new Set(told.map(({ runId }) => runId));
    return runs.every(({ id }) => known.has(id)) ? { ...query, traceIds: [...new Set(told.map(({ traceId }) => traceId))] } : query;
  }

  return {
    find: async (query) => readRows(clickhouse, runsOf(await withTraces(query)), Row),
    sessions: (project, name) =>
      readRows(
        clickhouse,
        name === undefined
          ? { sql: sessionsOf("service != ''"), params: { project } }
          : { sql: sessionsOf("service = {name:String}"), params: { project, name } },
        Session,
      ),
    parts: createRunPartStore(clickhouse).read,
  };
}
