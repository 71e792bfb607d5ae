import { TRACE_FACETS, type TraceFacet, type TraceFilter } from "@signalbox/model";
import type { Context } from "../context.ts";
import { resolveRange, type TimeRange } from "../timeRange.ts";
import { filterBeside } from "./facetValues.ts";

type Condition = Exclude<keyof TraceFilter, "only" | "without"> | TraceFacet;

/**
 * Why a list is empty: nothing was ever received; nothing in this time (`newestSpan` is the time of the last
 * span, decimal nanoseconds); or the conditions, each of which in `emptiedBy` would alone let traces through
 * if it were dropped (none: only dropping several helps). All choices of one facet are one condition.
 */
export type EmptyList =
  | { kind: "nothing_received" }
  | { kind: "nothing_in_range"; newestSpan: string }
  | { kind: "filtered"; emptiedBy: Condition[] };

/** Queries the list again without each of its conditions in turn. */
export async function explainEmptyList(ctx: Context, list: { project: string; range: TimeRange; filter: TraceFilter }): Promise<EmptyList> {
  const newestSpan = await ctx.traces.newestSpan(list.project);
  if (newestSpan === null) return { kind: "nothing_received" };

  const window = resolveRange(list.range, ctx.now());
  const isFilled = (filter: TraceFilter): Promise<boolean> => ctx.traces.isAny(list.project, window, filter);
  if (!(await isFilled({}))) return { kind: "nothing_in_range", newestSpan };

  const conditions = conditionsOf(list.filter);
  const helps = await Promise.all(conditions.map((condition) => isFilled(filterWithout(list.filter, condition))));
  return { kind: "filtered", emptiedBy: conditions.filter((_, index) => helps[index]) };
}

const isFacet = (condition: Condition): condition is TraceFacet => TRACE_FACETS.some((facet) => facet === condition);

function conditionsOf({ only, without, ...rest }: TraceFilter): Condition[] {
  const named = (Object.keys(rest) as (keyof typeof rest)[]).filter((condition) => rest[condition] !== undefined);
  const facets = TRACE_FACETS.filter((facet) => only?.[facet] !== undefined || without?.[facet] !== undefined);
  return [...new Set([...named, ...facets])];
}

function filterWithout(filter: TraceFilter, condition: Condition): TraceFilter {
  return isFacet(condition) ? filterBeside(filter, condition) : { ...filter, [condition]: undefined };
}
