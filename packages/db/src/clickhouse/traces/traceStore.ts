import type { ClickHouseClient } from "@clickhouse/client";
import type { Span, TimeWindow, TraceFilter } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import { isAboutRootless, isAboutRoots } from "./facetConditions.ts";
import { belowRuns, hasOrphans, RunHalf, runHalves } from "./runParents.ts";
import { EndSpan, SpanOutline, StoredSpan } from "./storedSpan.ts";
import { type EndsAsked, talkingEnds, talkingSpans, traceOutline, wholeSpan } from "./traceDetail.ts";
import { traceHistogram } from "./traceList.ts";
import { createTracePages } from "./tracePages.ts";
import { StoredSummary, type TraceSummary } from "./traceSummary.ts";
import { totalsOfTrace } from "./traceTotals.ts";

/** A trace's spans without bodies; `isTruncated` when there are more than were asked for. */
export type TraceOutline = { spans: SpanOutline[]; isTruncated: boolean };

export type TraceHistogramBucket = { bucket: number; traces: number; failed: number };

const Count = z.coerce.number();
const HistogramBucket = z.object({ bucket: Count, traces: Count, failed: Count });
const Newest = z.object({ startTimeUnixNano: z.string() });

/** Reads traces of one ClickHouse. Every method throws an `AppError` as `readRows` does. */
export type TraceStore = ReturnType<typeof createTraceStore>;

export function createTraceStore(clickhouse: ClickHouseClient) {
  const { list, first } = createTracePages(clickhouse);

  /** The list's row of one trace, or null when no span of it is stored. */
  async function summary(project: string, traceId: string): Promise<TraceSummary | null> {
    const [found] = await readRows(clickhouse, totalsOfTrace(project, traceId), StoredSummary);
    return found ?? null;
  }

  /** The spans of a trace in the order of their starts, foreign spans moved below their LangSmith runs; null when none is stored. */
  async function outline(project: string, traceId: string, spansMax: number): Promise<TraceOutline | null> {
    const found = await readRows(clickhouse, traceOutline(project, traceId, spansMax + 1), SpanOutline);
    const spans = found.slice(0, spansMax);
    const runs = hasOrphans(spans) ? await readRows(clickhouse, runHalves(project, traceId), RunHalf) : [];
    return found.length === 0 ? null : { spans: belowRuns(spans, runs), isTruncated: found.length > spansMax };
  }

  return {
    /**
     * A page of the list. It may hold fewer than `limit` traces, or none, and still have a next one: `next` says how far it was searched.
     */
    list,

    first,

    /** Whether any trace of the window passes the filter. */
    async isAny(project: string, window: TimeWindow, filter: TraceFilter): Promise<boolean> {
      return (await first({ project, window, filter, cursor: null, direction: "older" })) !== null;
    },

    /** Traces per slice of the window; slices without any are missing. */
    async histogram(project: string, window: TimeWindow, filter: TraceFilter, buckets: number): Promise<TraceHistogramBucket[]> {
      const asksOfRoot = filter.name !== undefined || filter.minDurationMs !== undefined;
      if (!isAboutRoots(filter) && (asksOfRoot || !isAboutRootless(filter))) return [];
      return readRows(clickhouse, traceHistogram(project, window, filter, buckets), HistogramBucket);
    },

    /** A number that changes when spans arrive: the tables' row counts, without reading any rows. */
    async pulse(): Promise<number> {
      const [row] = await readRows(clickhouse, { sql: "SELECT count() AS spans FROM spans", params: {} }, z.object({ spans: Count }));
      return row?.spans ?? 0;
    },

    /** The start of a project's newest span, or null when it has none. */
    async newestSpan(project: string): Promise<string | null> {
      const sql =
        "SELECT toString(toUnixTimestamp64Nano(start_time)) AS startTimeUnixNano FROM spans WHERE project = {project:String} ORDER BY start_time DESC LIMIT 1";
      const [newest] = await readRows(clickhouse, { sql, params: { project } }, Newest);
      return newest?.startTimeUnixNano ?? null;
    },

    outline,

    summary,

    /** The list's row of one trace and its spans, or null when no span of it is stored. */
    async trace(project: string, traceId: string, spansMax: number): Promise<(TraceOutline & { summary: TraceSummary }) | null> {
      const [row, spans] = await Promise.all([summary(project, traceId), outline(project, traceId, spansMax)]);
      return row === null || spans === null ? null : { summary: row, ...spans };
    },

    /** One span with its bodies, or null when it is not stored. */
    async span(project: string, traceId: string, spanId: string): Promise<Span | null> {
      const [span] = await readRows(clickhouse, wholeSpan(project, traceId, spanId), StoredSpan);
      return span ?? null;
    },

    /** The spans of a trace with messages or tool calls, with their bodies, in the order of their starts. */
    async talkingSpans(project: string, traceId: string, spansMax: number): Promise<{ spans: Span[]; isTruncated: boolean }> {
      const spans = await readRows(clickhouse, talkingSpans(project, traceId, spansMax + 1), StoredSpan);
      return { spans: spans.slice(0, spansMax), isTruncated: spans.length > spansMax };
    },

    /**
     * Such spans from the beginning and the end of a trace, within limits; `all`
     * is the number of all of them, and `leftOutBytes` the size of those left out.
     */
    async talkingEnds(project: string, traceId: string, asked: EndsAsked): Promise<{ spans: Span[]; all: number; leftOutBytes: number }> {
      const rows = await readRows(clickhouse, talkingEnds(project, traceId, asked), EndSpan);
      const [first] = rows;
      return {
        spans: rows.map(({ span }) => span),
        all: first?.spansAll ?? 0,
        leftOutBytes: (first?.bytesAll ?? 0) - rows.reduce((sum, { bytesOwn }) => sum + bytesOwn, 0),
      };
    },
  };
}
