import type { ClickHouseClient } from "@clickhouse/client";
import { type Span, SpanKind, SpanStatus, type TimeWindow, type TraceFilter, type TraceStatus } from "@signalbox/model";
import { z } from "zod";
import { isAboutRootless, isAboutRoots } from "./facetConditions.ts";
import { readRows } from "./readRows.ts";
import { SpanOutline, StoredSpan } from "./storedSpan.ts";
import { talkingSpans, traceBounds, traceOutline, wholeSpan } from "./traceDetail.ts";
import {
  rootKeys,
  rootlessKeys,
  type TraceKey,
  type TraceListQuery,
  traceFacets,
  traceHistogram,
  tracePreviews,
  traceTotals,
} from "./traceList.ts";

/**
 * A row of the trace list. Sums count every model call once; `inputTokens` and `outputTokens` are null, `costUsd` is 0 where no span told any.
 * `spansWithoutCost` counts the model calls whose cost is unknown, so that a sum can be shown as a lower bound.
 * `preview` is the beginning of what was asked, as far as the root span tells.
 */
export type TraceSummary = TraceKey & {
  endTimeUnixNano: string;
  status: TraceStatus;
  name: string;
  kind: SpanKind;
  service: string;
  spans: number;
  errors: number;
  models: string[];
  session: string | null;
  user: string | null;
  tags: string[];
  inputTokens: number | null;
  outputTokens: number | null;
  usageIsEstimate: boolean;
  costUsd: number;
  costIsEstimate: boolean;
  spansWithoutCost: number;
  preview: string | null;
};

/** A page of the list; `next` is the cursor of the page after it, or null at the end of the window. */
export type TracePage = { traces: TraceSummary[]; next: TraceKey | null };

/** A trace's spans without bodies; `isTruncated` when there are more than were asked for. */
export type TraceOutline = { spans: SpanOutline[]; isTruncated: boolean };

export type TraceHistogramBucket = { bucket: number; traces: number; failed: number };
export type TraceFacet = { facet: "name" | "model" | "tag" | "user"; value: string; traces: number };

const PREVIEW_CHARS_MAX = 200;

const Key = z.object({ traceId: z.string(), startTimeUnixNano: z.string() });
const Bounds = z.object({ first: z.string(), last: z.string() });
const Flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Boolean);
const Count = z.coerce.number();
const Sum = z.coerce.number().nullable();

const Totals = z
  .object({
    traceId: z.string(),
    rootReceived: Flag,
    head: z.tuple([z.string(), SpanKind, z.string(), SpanStatus, z.string(), z.string()]),
    lastEndUnixNano: z.string(),
    spans: Count,
    errors: Count,
    models: z.array(z.string()),
    session: z.string(),
    user: z.string(),
    tags: z.array(z.string()),
    inputTokens: Sum,
    outputTokens: Sum,
    usageIsEstimate: Flag,
    costUsd: Sum.transform((sum) => sum ?? 0),
    costIsEstimate: Flag,
    spansWithoutCost: Count,
  })
  .transform(({ rootReceived, head, lastEndUnixNano, ...totals }): TraceSummary => {
    const [name, kind, service, status, startTimeUnixNano, endTimeUnixNano] = head;
    return {
      ...totals,
      preview: null,
      name,
      kind,
      service,
      startTimeUnixNano,
      endTimeUnixNano: rootReceived ? endTimeUnixNano : lastEndUnixNano,
      status: rootReceived ? (status === "error" ? "error" : "ok") : "incomplete",
      models: totals.models.toSorted(),
      session: totals.session === "" ? null : totals.session,
      user: totals.user === "" ? null : totals.user,
      tags: totals.tags.toSorted(),
    };
  });

const Preview = z.object({ traceId: z.string(), preview: z.string() });
const HistogramBucket = z.object({ bucket: Count, traces: Count, failed: Count });
const Facet = z.object({ facet: z.enum(["name", "model", "tag", "user"]), value: z.string(), traces: Count });
const Newest = z.object({ startTimeUnixNano: z.string() });

function isBefore(a: TraceKey, b: TraceKey): boolean {
  const [aStart, bStart] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return aStart < bStart || (aStart === bStart && a.traceId < b.traceId);
}

/** Compares two keys in the order in which a page of the query shows them. */
function inOrderOf({ direction }: TraceListQuery): (a: TraceKey, b: TraceKey) => number {
  return (a, b) => (isBefore(a, b) === (direction === "older") ? 1 : -1);
}

/** Reads traces of one ClickHouse. Every method throws an `AppError` as `readRows` does. */
export type TraceStore = ReturnType<typeof createTraceStore>;

export function createTraceStore(clickhouse: ClickHouseClient) {
  /** What the list shows of the given traces, in no order. */
  async function summaries(project: string, window: TimeWindow, traceIds: readonly string[]): Promise<TraceSummary[]> {
    const [totals, previews] = await Promise.all([
      readRows(clickhouse, traceTotals(project, window, traceIds), Totals),
      readRows(clickhouse, tracePreviews(project, window, traceIds, PREVIEW_CHARS_MAX), Preview),
    ]);
    const previewOf = new Map(previews.map(({ traceId, preview }) => [traceId, preview]));
    return totals.map((trace) => ({ ...trace, preview: previewOf.get(trace.traceId) ?? null }));
  }

  /** The keys of a page, roots and rootless traces merged in the list's order, and one more than asked when there is more. */
  async function pageKeys(query: TraceListQuery): Promise<TraceKey[]> {
    const one = { ...query, limit: query.limit + 1 };
    const roots = isAboutRoots(query.filter) ? await readRows(clickhouse, rootKeys(one), Key) : [];
    const rootless = isAboutRootless(query.filter)
      ? await readRows(clickhouse, rootlessKeys({ ...one, window: reach(one, roots) }), Key)
      : [];
    return [...roots, ...rootless].sort(inOrderOf(query)).slice(0, one.limit);
  }

  /** One trace's bounds in time, or null when no span of it is stored. */
  async function boundsOf(project: string, traceId: string) {
    const [bounds] = await readRows(clickhouse, traceBounds(project, traceId), Bounds);
    return bounds ?? null;
  }

  return {
    /** A page of the list: its keys first, then what is shown of them. A page may hold fewer than `limit` traces and still have a next one. */
    async list(query: TraceListQuery): Promise<TracePage> {
      const keys = await pageKeys(query);
      const shown = keys.slice(0, query.limit);
      const last = shown.at(-1);
      if (last === undefined) return { traces: [], next: null };
      const traceIds = shown.map((key) => key.traceId);
      const summarised = await summaries(query.project, spanned(shown), traceIds);
      const found = new Set(shown.map((key) => `${key.traceId} ${key.startTimeUnixNano}`));
      // A trace with two roots is found twice, one without a root under a span that is not its first: it is listed once, where it began.
      const traces = summarised.filter((trace) => found.has(`${trace.traceId} ${trace.startTimeUnixNano}`)).sort(inOrderOf(query));
      return { traces, next: keys.length > query.limit ? { startTimeUnixNano: last.startTimeUnixNano, traceId: last.traceId } : null };
    },

    /** Whether any trace of the window passes the filter. */
    async isAny(project: string, window: TimeWindow, filter: TraceFilter): Promise<boolean> {
      const keys = await pageKeys({ project, window, filter, cursor: null, direction: "older", limit: 1 });
      return keys.length > 0;
    },

    /** Traces with a root per slice of the window; slices without any are missing. */
    async histogram(project: string, window: TimeWindow, filter: TraceFilter, buckets: number): Promise<TraceHistogramBucket[]> {
      if (!isAboutRoots(filter)) return [];
      return readRows(clickhouse, traceHistogram(project, window, filter, buckets), HistogramBucket);
    },

    /** The most frequent values to filter by, most frequent first. */
    facets(project: string, window: TimeWindow, valuesMax: number): Promise<TraceFacet[]> {
      return readRows(clickhouse, traceFacets(project, window, valuesMax), Facet);
    },

    /** A number that changes when spans arrive: rows as the tables count them, without reading any. */
    async pulse(): Promise<number> {
      const [row] = await readRows(clickhouse, { sql: "SELECT count() AS spans FROM spans", params: {} }, z.object({ spans: Count }));
      return row?.spans ?? 0;
    },

    /** When the newest span of a project started, or null when there is none at all. */
    async newestSpan(project: string): Promise<string | null> {
      const sql =
        "SELECT toString(toUnixTimestamp64Nano(start_time)) AS startTimeUnixNano FROM spans WHERE project = {project:String} ORDER BY start_time DESC LIMIT 1";
      const [newest] = await readRows(clickhouse, { sql, params: { project } }, Newest);
      return newest?.startTimeUnixNano ?? null;
    },

    /** The spans of a trace in the order that they started, or null when none is stored. */
    async outline(project: string, traceId: string, spansMax: number): Promise<TraceOutline | null> {
      const bounds = await boundsOf(project, traceId);
      if (bounds === null) return null;
      const spans = await readRows(clickhouse, traceOutline(project, traceId, bounds, spansMax + 1), SpanOutline);
      return { spans: spans.slice(0, spansMax), isTruncated: spans.length > spansMax };
    },

    /** The list's row of one trace, or null when no span of it is stored. */
    async summary(project: string, traceId: string): Promise<TraceSummary | null> {
      const bounds = await boundsOf(project, traceId);
      if (bounds === null) return null;
      const [summary] = await summaries(project, { from: bounds.first, to: bounds.last }, [traceId]);
      return summary ?? null;
    },

    /** One span with its bodies, or null when it is not stored. */
    async span(project: string, traceId: string, spanId: string): Promise<Span | null> {
      const bounds = await boundsOf(project, traceId);
      if (bounds === null) return null;
      const [span] = await readRows(clickhouse, wholeSpan(project, traceId, spanId, bounds), StoredSpan);
      return span ?? null;
    },

    /** The spans of a trace that carry messages or tool calls, with their bodies, in the order that they started. */
    async talkingSpans(project: string, traceId: string, spansMax: number): Promise<{ spans: Span[]; isTruncated: boolean }> {
      const bounds = await boundsOf(project, traceId);
      if (bounds === null) return { spans: [], isTruncated: false };
      const spans = await readRows(clickhouse, talkingSpans(project, traceId, bounds, spansMax + 1), StoredSpan);
      return { spans: spans.slice(0, spansMax), isTruncated: spans.length > spansMax };
    },
  };
}

/** The part of the window in which a rootless trace could be on the page: from the cursor to the last root that the page shows. */
function reach(query: TraceListQuery, roots: readonly TraceKey[]): TimeWindow {
  const far = roots.length < query.limit ? undefined : roots.at(-1)?.startTimeUnixNano;
  const near = query.cursor?.startTimeUnixNano;
  const after = (moment: string): string => String(BigInt(moment) + 1n);
  return query.direction === "older"
    ? { from: far ?? query.window.from, to: near === undefined ? query.window.to : after(near) }
    : { from: near ?? query.window.from, to: far === undefined ? query.window.to : after(far) };
}

/** The window that holds the given keys. */
function spanned(keys: readonly TraceKey[]): TimeWindow {
  const starts = keys.map((key) => BigInt(key.startTimeUnixNano)).sort((a, b) => (a < b ? -1 : 1));
  return { from: String(starts.at(0) ?? 0n), to: String((starts.at(-1) ?? 0n) + 1n) };
}
