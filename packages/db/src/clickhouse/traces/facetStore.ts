import type { ClickHouseClient } from "@clickhouse/client";
import { AppError, type TimeWindow, TraceFacet, type TraceFilter } from "@signalbox/model";
import { z } from "zod";
import { isRoot } from "../ids.ts";
import { readRows, type Statement } from "../readRows.ts";
import { allowedStatuses, isAboutRootless, rootKindConditions, SPAN_FACETS } from "./facetConditions.ts";
import { all, filterParams, moment, NEARBY, traceConditions } from "./traceFilter.ts";

/**
 * A query for facet values among the traces that pass a filter. `search`
 * is contained in a value, ignoring case; values in `keep` come first.
 */
export type FacetQuery = {
  project: string;
  window: TimeWindow;
  filter: TraceFilter;
  facets: readonly TraceFacet[];
  search: string;
  keep: readonly string[];
  valuesMax: number;
};

/** The most rows that are read to count values; of a longer or busier window only a share of the traces is sampled. */
const ROWS_MAX = 500_000;

const Arrived = z.object({ rows: z.coerce.number() });

/** A value with the number of traces that have it; `values` is the number of distinct values of its facet. */
const Row = z.object({ facet: TraceFacet, value: z.string(), traces: z.coerce.number(), values: z.coerce.number() });
export type FacetRow = z.infer<typeof Row>;

/** Values with their counts. Where only one trace in `oneIn` was sampled, counts are scaled up by it, and rare values may be missing. */
export type FacetCounts = { rows: FacetRow[]; oneIn: number };

const rootmost = `(NOT ${isRoot()}, start_time, span_id)`;

/** The SQL of a trace's values. */
function valuesOf(facet: TraceFacet): string {
  if (facet === "status") return "[multiIf(NOT rooted, 'incomplete', head.3 = 'error', 'error', 'ok')]";
  if (facet === "kind") return "if(rooted, [toString(head.2)], [])";
  if (facet === "tag") return "groupUniqArrayArray(arrayMap(tag -> toString(tag), tags))";
  const value = SPAN_FACETS[facet];
  return `groupUniqArrayIf(toString(${value}), ${value} != '')`;
}

/** The list's conditions on a trace as a whole: it is listed in the window, and its root (or without one its earliest span) matches. */
function headConditions(filter: TraceFilter): string[] {
  const statuses = [...allowedStatuses(filter)].map((status) => `'${status}'`);
  const durationNs = "if(rooted, head.5, last_end) - head.4";
  return [
    "head.4 >= {from:Int64}",
    "head.4 < {to:Int64}",
    ...(statuses.length === 3 ? [] : [`has([${statuses.join(", ")}]::Array(String), ${valuesOf("status")}[1])`]),
    ...(isAboutRootless(filter) ? [] : ["rooted"]),
    ...rootKindConditions(filter, "head.2").map((condition) => `(NOT rooted OR ${condition})`),
    ...(filter.name === undefined ? [] : ["positionCaseInsensitiveUTF8(head.1, {name:String}) > 0"]),
    ...(filter.minDurationMs === undefined ? [] : [`${durationNs} >= {minDurationNs:Int64}`]),
  ];
}

/** The number of rows that arrived for a window, including those sent again. */
function arrivedRows({ project, window }: FacetQuery): Statement {
  const sql = `SELECT sum(rows) AS rows FROM minute_arrivals WHERE project = {project:String} AND minute >= toStartOfMinute(${moment("from")}) AND minute < ${moment("to")}`;
  return { sql, params: { project, ...window }, isSmall: true };
}

/**
 * The most frequent values of some facets, with the number of listed traces that have each, among
 * one in `oneIn`. One pass over the spans, whatever the number of facets. The sample is chosen
 * before FINAL, which then merges only these traces: all versions of a span have the same trace.
 */
export function facetValues({ project, window, filter, facets, search, keep, valuesMax }: FacetQuery, oneIn = 1): Statement {
  const pairs = facets.map((facet) => `arrayMap(value -> ('${facet}', value), ${valuesOf(facet)})`);
  const sql = `SELECT pair.1 AS facet, pair.2 AS value, count() AS traces, count() OVER (PARTITION BY facet) AS values
FROM (
  SELECT
    countIf(${isRoot()}) > 0 AS rooted,
    argMin((name, kind, status, toUnixTimestamp64Nano(start_time), toUnixTimestamp64Nano(end_time)), ${rootmost}) AS head,
    toUnixTimestamp64Nano(max(end_time)) AS last_end,
    arrayConcat(${pairs.join(",\n      ")}) AS pairs
  FROM spans FINAL
  PREWHERE cityHash64(trace_id) % {oneIn:UInt32} = 0
  WHERE ${all([NEARBY, ...traceConditions(filter, { versions: "latest", near: NEARBY })])}
  GROUP BY trace_id
  HAVING ${all(headConditions(filter))}
)
ARRAY JOIN pairs AS pair
${search === "" ? "" : "WHERE positionCaseInsensitiveUTF8(pair.2, {search:String}) > 0\n"}GROUP BY facet, value
ORDER BY facet, has({keep:Array(String)}, value) DESC, traces DESC, value
LIMIT {valuesMax:UInt32} BY facet`;
  return { sql, params: { project, ...window, ...filterParams(filter), search, keep, valuesMax, oneIn } };
}

/** Counts the values of facets in one ClickHouse. */
export function createFacetStore(clickhouse: ClickHouseClient, rowsMax = ROWS_MAX) {
  async function counted(query: FacetQuery, oneIn: number): Promise<FacetCounts> {
    const rows = await readRows(clickhouse, facetValues(query, oneIn), Row);
    return { rows: rows.map((row) => ({ ...row, traces: row.traces * oneIn })), oneIn };
  }

  return {
    /**
     * The most frequent values of each requested facet, most frequent first. A filter or a search may leave few of
     * very many traces: those are counted completely as long as time allows. Throws an `AppError` as `readRows` does.
     */
    async values(query: FacetQuery): Promise<FacetCounts> {
      const [arrived] = await readRows(clickhouse, arrivedRows(query), Arrived);
      const oneIn = Math.max(1, Math.ceil((arrived?.rows ?? 0) / rowsMax));
      const isOfAll = query.search === "" && Object.keys(query.filter).length === 0;
      if (isOfAll) return counted(query, oneIn);
      try {
        return await counted(query, 1);
      } catch (error) {
        if (oneIn === 1 || !(error instanceof AppError) || error.code !== "overloaded") throw error;
        return counted(query, oneIn);
      }
    },
  };
}
