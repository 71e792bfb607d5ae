import type { TraceFacet, TraceFilter, TraceStatus } from "@signalbox/model";

/** The facets whose values are on spans, with the SQL of a span's value (of its array of values for `tag`), empty for none. */
export const SPAN_FACETS = {
  service: "service",
  agent: "agent",
  model: "model",
  environment: "environment",
  release: "release",
  variant: "variant",
  prompt: "trimBoth(concat(prompt_name, ' ', prompt_version))",
  tag: "tags",
  user: "user",
  session: "session",
} as const satisfies Partial<Record<TraceFacet, string>>;

type SpanFacet = keyof typeof SPAN_FACETS;

const spanFacets = Object.keys(SPAN_FACETS) as SpanFacet[];

const paramOf = (sign: "only" | "without", facet: TraceFacet): string => `${sign}_${facet}`;

/** The condition that a span has one of the bound values. */
function hasAnyOf(facet: SpanFacet, param: string): string {
  return facet === "tag" ? `hasAny(tags, {${param}:Array(String)})` : `${SPAN_FACETS[facet]} IN {${param}:Array(String)}`;
}

/** The conditions of a filter's facets on the spans of a trace: on some span when `isWanted`, else on none. */
export function spanConditions({ only, without }: TraceFilter): { condition: string; isWanted: boolean }[] {
  return spanFacets.flatMap((facet) => [
    ...(only?.[facet] === undefined ? [] : [{ condition: hasAnyOf(facet, paramOf("only", facet)), isWanted: true }]),
    ...(without?.[facet] === undefined ? [] : [{ condition: hasAnyOf(facet, paramOf("without", facet)), isWanted: false }]),
  ]);
}

/** The conditions of a filter on the kind of a root span; `kind` is the SQL of that. */
export function rootKindConditions({ only, without }: TraceFilter, kind = "kind"): string[] {
  return [
    ...(only?.kind === undefined ? [] : [`${kind} IN {${paramOf("only", "kind")}:Array(String)}`]),
    ...(without?.kind === undefined ? [] : [`${kind} NOT IN {${paramOf("without", "kind")}:Array(String)}`]),
  ];
}

/** The bound values of a filter's facets. */
export function facetParams({ only = {}, without = {} }: TraceFilter): Record<string, string[]> {
  const bound = (sign: "only" | "without", choices: typeof only) =>
    Object.entries(choices).map(([facet, values]) => [paramOf(sign, facet as TraceFacet), values]);
  return Object.fromEntries([...bound("only", only), ...bound("without", without)]);
}

/** The trace statuses that pass a filter. */
export function allowedStatuses({ status, only, without }: TraceFilter): ReadonlySet<TraceStatus> {
  const all: TraceStatus[] = ["ok", "error", "incomplete"];
  return new Set(
    all.filter(
      (each) =>
        (status === undefined || status === each) && only?.status?.includes(each) !== false && without?.status?.includes(each) !== true,
    ),
  );
}

/** Whether traces with a root span can pass a filter. */
export function isAboutRoots(filter: TraceFilter): boolean {
  const statuses = allowedStatuses(filter);
  return statuses.has("ok") || statuses.has("error");
}

/** Whether traces without a root span can pass a filter; they have no kind. */
export function isAboutRootless(filter: TraceFilter): boolean {
  return allowedStatuses(filter).has("incomplete") && filter.only?.kind === undefined;
}
