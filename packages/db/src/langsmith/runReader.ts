import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { boundIds, hexOf, isRoot } from "../clickhouse/ids.ts";
import { readRows } from "../clickhouse/readRows.ts";
import { createRunPartStore, type RunPartStore } from "../clickhouse/write/runPartStore.ts";

/** Where a run stands among others: by its start (nanoseconds since 1970) and its ids, 32 and 16 hex digits. */
export interface RunPlace {
  readonly startNs: string;
  readonly traceId: string;
  readonly spanId: string;
}

/**
 * Which runs of LangSmith's clients to read: all that meet every condition that is told. A list that is empty is no condition. Sessions are
 * meant by name or by id, traces by 32 hex digits and runs by those of their spans; parents and examples are UUIDs as clients write them.
 */
export interface RunQuery {
  readonly project: string;
  readonly sessions: readonly { readonly id: string; readonly name: string }[];
  readonly spanIds: readonly string[];
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

/** Conditions on what never changes of a run: they are looked for in every version of its row. */
function lasting(query: RunQuery): string[] {
  const { sessions, spanIds, traceIds, examples, parent, runType, from, after, order } = query;
  return [
    "project = {project:String}",
    TOLD,
    ...(sessions.length === 0
      ? []
      : [`(service IN {names:Array(String)} OR lower(${attribute("trace.session_id")}) IN {sessionIds:Array(String)})`]),
    ...(spanIds.length === 0 ? [] : [`${hexOf("span_id")} IN {spanIds:Array(String)}`]),
    ...(traceIds.length === 0 ? [] : [`trace_id IN ${boundIds("traceIds")}`]),
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
function sqlOf(query: RunQuery): string {
  const order = query.order === "asc" ? "ASC" : "DESC";
  const isFailed = query.isFailed === undefined ? "" : `WHERE status ${query.isFailed ? "=" : "!="} 'error'`;
  return `SELECT ${attribute("span.id")} AS id, ${attribute("trace.id")} AS trace, ${attribute("span.parent_id")} AS parent,
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
  return {
    find(query) {
      const { project, sessions, spanIds, traceIds, examples, parent, runType, from, after, limit } = query;
      const params = {
        ...{ project, spanIds, traceIds, examples, limit },
        names: sessions.map(({ name }) => name),
        sessionIds: sessions.map(({ id }) => id),
        ...(parent === undefined ? {} : { parent }),
        ...(runType === undefined ? {} : { runType }),
        ...(from === undefined ? {} : { fromMs: from.getTime() }),
        ...(after === undefined ? {} : { afterNs: after.startNs, afterTrace: after.traceId, afterSpan: after.spanId }),
      };
      return readRows(clickhouse, { sql: sqlOf(query), params }, Row);
    },
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
