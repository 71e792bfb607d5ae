import type { ClickHouseClient } from "@clickhouse/client";
import { type TimeWindow, TraceFacet, type TraceFilter } from "@signalbox/model";
import { z } from "zod";
import { allowedStatuses, isAboutRootless, rootKindConditions, SPAN_FACETS } from "./facetConditions.ts";
import { isRoot } from "./ids.ts";
import { readRows, type Statement } from "./readRows.ts";
import { all, filterParams, NEARBY, traceConditions } from "./traceFilter.ts";

/** Values of facets among the traces that a filter lets through. `search` is contained in a value, in any case; values in `keep` come first. */
export type FacetQuery = {
  project: string;
  window: TimeWindow;
  filter: TraceFilter;
  facets: readonly TraceFacet[];
  search: string;
  keep: readonly string[];
  valuesMax: number;
};

/** A value with the number of traces that have it; `values` is how many values its facet has in all. */
const Row = z.object({ facet: TraceFacet, value: z.string(), traces: z.coerce.number(), values: z.coerce.number() });
export type FacetRow = z.infer<typeof Row>;

const rootmost = `(NOT ${isRoot()}, start_time, span_id)`;

/** The SQL of the values that a trace has. */
function valuesOf(facet: TraceFacet): string {
  if (facet === "status") return "[multiIf(NOT rooted, 'incomplete', head.3 = 'error', 'error', 'ok')]";
  if (facet === "kind") return "if(rooted, [toString(head.2)], [])";
  if (facet === "tag") return "groupUniqArrayArray(arrayMap(tag -> toString(tag), tags))";
  const value = SPAN_FACETS[facet];
  return `groupUniqArrayIf(toString(${value}), ${value} != '')`;
}

/** What the list asks of a trace as a whole: that it is listed in the window, and how its root (or without one its earliest span) looks. */
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

/** The most frequent values of some facets, with how many of the listed traces have each. One pass over the spans, whatever the number of facets. */
export function facetValues({ project, window, filter, facets, search, keep, valuesMax }: FacetQuery): Statement {
  const pairs = facets.map((facet) => `arrayMap(value -> ('${facet}', value), ${valuesOf(facet)})`);
  const sql = `SELECT pair.1 AS facet, pair.2 AS value, count() AS traces, count() OVER (PARTITION BY facet) AS values
FROM (
  SELECT
    countIf(${isRoot()}) > 0 AS rooted,
    argMin((name, kind, status, toUnixTimestamp64Nano(start_time), toUnixTimestamp64Nano(end_time)), ${rootmost}) AS head,
    toUnixTimestamp64Nano(max(end_time)) AS last_end,
    arrayConcat(${pairs.join(",\n      ")}) AS pairs
  FROM spans FINAL
  WHERE ${all([NEARBY, ...traceConditions(filter, { versions: "latest", near: NEARBY })])}
  GROUP BY trace_id
  HAVING ${all(headConditions(filter))}
)
ARRAY JOIN pairs AS pair
${search === "" ? "" : "WHERE positionCaseInsensitiveUTF8(pair.2, {search:String}) > 0\n"}GROUP BY facet, value
ORDER BY facet, has({keep:Array(String)}, value) DESC, traces DESC, value
LIMIT {valuesMax:UInt32} BY facet`;
  return { sql, params: { project, ...window, ...filterParams(filter), search, keep, valuesMax } };
}

/** Counts the values of facets in one ClickHouse. */
export function createFacetStore(clickhouse: ClickHouseClient) {
  return {
    /** The most frequent values of each facet asked for, most frequent first. Throws an `AppError` as `readRows` does. */
    values(query: FacetQuery): Promise<FacetRow[]> {
      return readRows(clickhouse, facetValues(query), Row);
    },
  };
}
