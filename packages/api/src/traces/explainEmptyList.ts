import type { TraceFilter } from "@signalbox/model";
import type { Context } from "../context.ts";
import { resolveRange, type TimeRange } from "../timeRange.ts";

type Condition = keyof TraceFilter;

/**
 * Why a list shows nothing: nothing was ever received; nothing in this time (`newestSpan` tells when the last span was, decimal nanoseconds);
 * or the conditions, of which each in `emptiedBy` would alone let traces through if it were dropped (none: only dropping several helps).
 */
export type EmptyList =
  | { kind: "nothing_received" }
  | { kind: "nothing_in_range"; newestSpan: string }
  | { kind: "filtered"; emptiedBy: Condition[] };

/** Asks the list again without each of its conditions in turn. */
export async function explainEmptyList(ctx: Context, list: { project: string; range: TimeRange; filter: TraceFilter }): Promise<EmptyList> {
  const newestSpan = await ctx.traces.newestSpan(list.project);
  if (newestSpan === null) return { kind: "nothing_received" };

  const window = resolveRange(list.range, ctx.now());
  const isFilled = (filter: TraceFilter): Promise<boolean> => ctx.traces.isAny(list.project, window, filter);
  if (!(await isFilled({}))) return { kind: "nothing_in_range", newestSpan };

  const conditions = (Object.keys(list.filter) as Condition[]).filter((condition) => list.filter[condition] !== undefined);
  const helps = await Promise.all(conditions.map((condition) => isFilled({ ...list.filter, [condition]: undefined })));
  return { kind: "filtered", emptiedBy: conditions.filter((_, index) => helps[index]) };
}
