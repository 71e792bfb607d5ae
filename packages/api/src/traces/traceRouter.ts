import { AppError, conversationOf, FacetValue, TraceFacet, TraceFilter } from "@signalbox/model";
import { z } from "zod";
import { PageDirection } from "../pageDirection.ts";
import { Project, TraceAddress } from "../project.ts";
import { resolveRange, TimeRange } from "../timeRange.ts";
import { procedure, router } from "../trpc.ts";
import { explainEmptyList } from "./explainEmptyList.ts";
import { facetValues } from "./facetValues.ts";

/** Limits of one answer. */
const LIMITS = {
  tracesMax: 200,
  spansMax: 20_000,
  talkingSpansMax: 2_000,
  scoresMax: 5_000,
  labelsMax: 500,
  bucketsMax: 200,
  facetValuesMax: 200,
} as const;

const TraceKey = z.strictObject({ startTimeUnixNano: z.string().regex(/^\d{1,19}$/), traceId: z.string().regex(/^[0-9a-f]{32}$/) });
const Listed = z.strictObject({ project: Project, range: TimeRange, filter: TraceFilter.default({}) });
const SpanAddress = TraceAddress.extend({ spanId: z.string().regex(/^[0-9a-f]{16}$/, "a span id is 16 hex digits") });

const traceNotFound = (traceId: string): AppError =>
  new AppError("not_found", `No span of trace ${traceId} is stored.`, {
    hint: "It may not have arrived yet, or belong to another project.",
  });

export const traceRouter = router({
  /** A page of traces, newest first, each with its own scores. */
  list: procedure
    .input(
      Listed.extend({
        limit: z.number().int().min(1).max(LIMITS.tracesMax).default(50),
        cursor: TraceKey.nullish(),
        direction: PageDirection,
      }),
    )
    .query(async ({ ctx, input: { project, range, filter, limit, cursor } }) => {
      const window = resolveRange(range, ctx.now());
      const page = await ctx.traces.list({ project, window, filter, cursor: cursor ?? null, direction: "older", limit });
      const traceIds = page.traces.map((trace) => trace.traceId);
      const scores = Map.groupBy(await ctx.scores.byTraces(project, traceIds, LIMITS.scoresMax), (score) => score.traceId);
      const traces = page.traces.map((trace) => ({
        ...trace,
        scores: (scores.get(trace.traceId) ?? []).filter((score) => score.spanId === null),
      }));
      return { traces, next: page.next };
    }),

  /** A number that changes when spans arrive, cheap enough for frequent polling. */
  pulse: procedure.query(({ ctx }) => ctx.traces.pulse()),

  /** The traces before and after one in a list, null at its ends. */
  neighbours: procedure.input(Listed.extend({ key: TraceKey })).query(async ({ ctx, input: { project, range, filter, key } }) => {
    const window = resolveRange(range, ctx.now());
    const next = async (direction: "older" | "newer"): Promise<string | null> => {
      const trace = await ctx.traces.first({ project, window, filter, cursor: key, direction });
      return trace?.traceId ?? null;
    };
    const [newer, older] = await Promise.all([next("newer"), next("older")]);
    return { newer, older };
  }),

  /** Why a list is empty. */
  explainEmpty: procedure.input(Listed).query(({ ctx, input }) => explainEmptyList(ctx, input)),

  /** Traces over time, for the chart above the list. */
  histogram: procedure
    .input(Listed.extend({ buckets: z.number().int().min(1).max(LIMITS.bucketsMax) }))
    .query(async ({ ctx, input: { project, range, filter, buckets } }) => {
      const window = resolveRange(range, ctx.now());
      return { window, buckets, filled: await ctx.traces.histogram(project, window, filter, buckets) };
    }),

  /** The values of some facets among the traces of the list; each facet is counted under all of the filter's conditions but its own. */
  facetValues: procedure
    .input(
      Listed.extend({
        facets: z.array(TraceFacet).min(1).max(TraceFacet.options.length),
        search: FacetValue.or(z.literal("")).default(""),
        limit: z.number().int().min(1).max(LIMITS.facetValuesMax).default(10),
      }),
    )
    .query(({ ctx, input: { range, ...asked } }) => facetValues(ctx, { ...asked, window: resolveRange(range, ctx.now()) })),

  /** A trace: its row of the list, every span without bodies, and all scores; of one that is a label alone the value is null. */
  get: procedure.input(TraceAddress).query(async ({ ctx, input: { project, traceId } }) => {
    const [trace, scores, labels] = await Promise.all([
      ctx.traces.trace(project, traceId, LIMITS.spansMax),
      ctx.scores.ofTrace(project, traceId, LIMITS.scoresMax),
      ctx.traceLabels(project, traceId, LIMITS.labelsMax),
    ]);
    if (trace === null) throw traceNotFound(traceId);
    return { ...trace, scores: [...scores, ...labels] };
  }),

  /** One span with its bodies, attributes and events. */
  span: procedure.input(SpanAddress).query(async ({ ctx, input: { project, traceId, spanId } }) => {
    const span = await ctx.traces.span(project, traceId, spanId);
    if (span === null) throw new AppError("not_found", `Span ${spanId} of trace ${traceId} is not stored.`);
    return span;
  }),

  /** Everything said and done in a trace, in order, each thing once. */
  conversation: procedure.input(TraceAddress).query(async ({ ctx, input: { project, traceId } }) => {
    const { spans, isTruncated } = await ctx.traces.talkingSpans(project, traceId, LIMITS.talkingSpansMax);
    return { entries: conversationOf(spans), isTruncated };
  }),
});
