import { canonicalJson, type TimeWindow, type TraceFacet, type TraceFilter } from "@signalbox/model";
import type { Context } from "../context.ts";

/** A query for the facets of a list. `search` is contained in a value; `limit` applies to each facet. */
export type FacetQuestion = {
  project: string;
  window: TimeWindow;
  filter: TraceFilter;
  facets: readonly TraceFacet[];
  search: string;
  limit: number;
};

/**
 * A facet's most frequent values, and those in the filter, with the number of traces that have each; `values` is its number of distinct
 * values. Of very many spans only one trace in `oneIn` was counted: numbers are then estimates, and rare values may be missing.
 */
export type FacetAnswer = { facet: TraceFacet; values: number; oneIn: number; top: { value: string; traces: number }[] };

/** Returns the facets in the requested order. Facets without conditions share a filter, and are counted in one pass. */
export async function facetValues(ctx: Pick<Context, "facets">, question: FacetQuestion): Promise<FacetAnswer[]> {
  const { project, window, filter, search, limit } = question;
  const groups = Map.groupBy(new Set(question.facets), (facet) => canonicalJson(filterBeside(filter, facet)));
  const counts = await Promise.all(
    [...groups.values()].map(async (facets) => {
      const [first] = facets;
      const beside = first === undefined ? filter : filterBeside(filter, first);
      const keep = facets.flatMap((facet) => chosenValues(filter, facet));
      return { facets, ...(await ctx.facets.values({ project, window, filter: beside, facets, search, keep, valuesMax: limit })) };
    }),
  );
  return question.facets.flatMap((facet) => {
    const counted = counts.find(({ facets }) => facets.includes(facet));
    if (counted === undefined) return [];
    // A value that was just chosen keeps its place.
    const found = counted.rows.filter((row) => row.facet === facet).toSorted((a, b) => b.traces - a.traces || (a.value < b.value ? -1 : 1));
    return [{ facet, values: found[0]?.values ?? 0, oneIn: counted.oneIn, top: found.map(({ value, traces }) => ({ value, traces })) }];
  });
}

/** A filter without its conditions on one facet. */
export function filterBeside(filter: TraceFilter, facet: TraceFacet): TraceFilter {
  const { only, without, ...rest } = filter;
  const others = Object.fromEntries(Object.entries(rest).filter(([condition]) => condition !== facet));
  const [onlyOthers, withoutOthers] = [only, without].map((choices) =>
    Object.fromEntries(Object.entries(choices ?? {}).filter(([name]) => name !== facet)),
  );
  return {
    ...others,
    ...(isEmpty(onlyOthers) ? {} : { only: onlyOthers }),
    ...(isEmpty(withoutOthers) ? {} : { without: withoutOthers }),
  };
}

const isEmpty = (choices: object | undefined): boolean => Object.keys(choices ?? {}).length === 0;

/** The facets for which the filter has a short form with one value. */
const SHORT_FORMS = ["status", "session", "user", "tag", "model"] as const;

function chosenValues(filter: TraceFilter, facet: TraceFacet): string[] {
  const short = SHORT_FORMS.find((form) => form === facet);
  const one = short === undefined ? undefined : filter[short];
  return [...(one === undefined ? [] : [one]), ...(filter.only?.[facet] ?? []), ...(filter.without?.[facet] ?? [])];
}
