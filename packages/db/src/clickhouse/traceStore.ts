import type { ClickHouseClient } from "@clickhouse/client";
import { AppError, type Span, SpanKind, SpanStatus, type TimeWindow, type TraceFilter, type TraceStatus } from "@signalbox/model";
import { z } from "zod";
import { isAboutRootless, isAboutRoots } from "./facetConditions.ts";
import { readRows } from "./readRows.ts";
import { SpanOutline, StoredSpan } from "./storedSpan.ts";
import { type TraceBounds, talkingSpans, traceBounds, traceOutline, wholeSpan } from "./traceDetail.ts";
import { traceConditions } from "./traceFilter.ts";
import { foundKeys, ownKeys, rootKeys, rootlessKeys, type TraceKey, type TraceListQuery, traceHistogram } from "./traceList.ts";
import { slicesOf } from "./traceSlices.ts";
import { traceTotals } from "./traceTotals.ts";

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

/** A page reads on for so many rounds, each of twice as many keys as the one before it, up to eight times. */
const ROUNDS_MAX = 12;
const ROUND_DOUBLINGS_MAX = 3;

/** What a small page counts as when it reads on. */
const PAGE_MIN = 50;

/** How long the first trace of a list is sought, in seconds. */
const FIRST_MAX_SECONDS = 10;

/** A trace of a page and the key that it was found under. */
type Listed = { key: TraceKey; trace: TraceSummary };

const Key = z.object({ traceId: z.string(), startTimeUnixNano: z.string() });
const Bounds = z.object({ first: z.string(), last: z.string() });
const Flag = z.union([z.boolean(), z.literal(0), z.literal(1)]).transform(Boolean);
const Count = z.coerce.number();
const Sum = z.coerce.number().nullable();

const Totals = z
  .object({
    traceId: z.string(),
    isPlain: Flag,
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
    preview: z.string(),
  })
  .transform(({ isPlain, rootReceived, head, lastEndUnixNano, ...totals }): { isPlain: boolean; summary: TraceSummary } => {
    const [name, kind, service, status, startTimeUnixNano, endTimeUnixNano] = head;
    const summary: TraceSummary = {
      ...totals,
      preview: totals.preview === "" ? null : totals.preview,
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
    return { isPlain, summary };
  });

const HistogramBucket = z.object({ bucket: Count, traces: Count, failed: Count });
const Newest = z.object({ startTimeUnixNano: z.string() });

function isBefore(a: TraceKey, b: TraceKey): boolean {
  const [aStart, bStart] = [BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)];
  return aStart < bStart || (aStart === bStart && a.traceId < b.traceId);
}

/** Compares two keys in the order in which a page of the query shows them. */
function inOrderOf({ direction }: TraceListQuery): (a: TraceKey, b: TraceKey) => number {
  return (a, b) => (isBefore(a, b) === (direction === "older") ? 1 : -1);
}

/**
 * How the keys of a list are found. `own`: a session's or a user's traces are on record. `found`: by what any of their spans says. `root`: by
 * their root spans, and those without one apart. `firstHours` is the first slice of the window: words are looked up, not read.
 */
type Way = { kind: "own"; key: "session" | "user" } | { kind: "found" | "root"; firstHours: number };

function wayTo(filter: TraceFilter): Way {
  const key = (["session", "user"] as const).find((own) => filter[own] !== undefined);
  if (key !== undefined) return { kind: "own", key };
  if (filter.words !== undefined) return { kind: "found", firstHours: 72 };
  return traceConditions(filter).length > 0 ? { kind: "found", firstHours: 4 } : { kind: "root", firstHours: 1 };
}

/** Reads traces of one ClickHouse. Every method throws an `AppError` as `readRows` does. */
export type TraceStore = ReturnType<typeof createTraceStore>;

export function createTraceStore(clickhouse: ClickHouseClient) {
  /** What the list shows of the given traces, in no order, of those that pass the filter as a whole. */
  async function summaries(
    project: string,
    window: TimeWindow,
    traceIds: readonly string[],
    filter?: TraceFilter,
  ): Promise<TraceSummary[]> {
    const quick = await readRows(clickhouse, traceTotals(project, window, traceIds, { filter, reading: "quick" }), Totals);
    const [plain, odd] = [quick.filter(({ isPlain }) => isPlain), quick.filter(({ isPlain }) => !isPlain)];
    const ids = odd.map(({ summary }) => summary.traceId);
    const exact =
      odd.length === 0 ? [] : await readRows(clickhouse, traceTotals(project, window, ids, { filter, reading: "exact" }), Totals);
    return [...plain, ...exact].map(({ summary }) => summary);
  }

  /** The next keys of a list in a slice of its window, roots and rootless traces merged in the list's order. */
  async function sliceKeys(query: TraceListQuery): Promise<TraceKey[]> {
    const [roots, rootless] = await Promise.all([
      isAboutRoots(query.filter) ? readRows(clickhouse, rootKeys(query), Key) : [],
      isAboutRootless(query.filter) ? readRows(clickhouse, rootlessKeys(query), Key) : [],
    ]);
    return [...roots, ...rootless].sort(inOrderOf(query)).slice(0, query.limit);
  }

  /** The next keys of a list, at most its limit: fewer only at the end of the window. What they stand for may fail the filter as a whole. */
  async function nextKeys(query: TraceListQuery): Promise<TraceKey[]> {
    const way = wayTo(query.filter);
    if (way.kind === "own") return readRows(clickhouse, ownKeys(query, way.key), Key);
    const keys: TraceKey[] = [];
    for (const window of slicesOf(query, way.firstHours)) {
      const slice = { ...query, window, limit: query.limit - keys.length };
      keys.push(...(way.kind === "found" ? await readRows(clickhouse, foundKeys(slice), Key) : await sliceKeys(slice)));
      if (keys.length >= query.limit) break;
    }
    return keys;
  }

  /**
   * The traces of some keys that pass the filter, each once, in the keys' order. A trace that the list finds under a start that is not its own
   * (a second root, an earlier version, a span that is not its first) is listed under its own.
   */
  async function listedOf(query: TraceListQuery, keys: readonly TraceKey[]): Promise<Listed[]> {
    if (keys.length === 0) return [];
    const traceIds = keys.map((key) => key.traceId);
    const totals = await summaries(query.project, spanned(keys), traceIds, query.filter);
    const traceOf = new Map(totals.map((trace) => [trace.traceId, trace]));
    return keys.flatMap((key) => {
      const trace = traceOf.get(key.traceId);
      const isItsPlace = wayTo(query.filter).kind !== "root" || trace?.startTimeUnixNano === key.startTimeUnixNano;
      return trace !== undefined && isItsPlace ? [{ key, trace }] : [];
    });
  }

  /** Reads on until a page is full, or for `ROUNDS_MAX`: keys first, then what is shown of them. */
  async function list(query: TraceListQuery): Promise<TracePage> {
    const listed: Listed[] = [];
    let { cursor } = query;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const limit = round === 0 ? query.limit : Math.max(query.limit, PAGE_MIN) * 2 ** Math.min(round, ROUND_DOUBLINGS_MAX);
      const keys = await nextKeys({ ...query, cursor, limit: limit + 1 });
      const looked = keys.slice(0, limit);
      listed.push(...(await listedOf(query, looked)));
      cursor = looked.at(-1) ?? cursor;
      const page = listed.slice(0, query.limit);
      const traces = page.map(({ trace }) => trace);
      const isEnd = keys.length <= limit;
      if (listed.length > query.limit || (page.length === query.limit && !isEnd)) return { traces, next: page.at(-1)?.key ?? null };
      if (isEnd) return { traces, next: null };
    }
    return { traces: listed.map(({ trace }) => trace), next: cursor };
  }

  /** The first trace of a list, or null when there is none; `overloaded` when none was found in time and there may be one. */
  async function first(query: Omit<TraceListQuery, "limit">, secondsMax = FIRST_MAX_SECONDS): Promise<TraceSummary | null> {
    const until = performance.now() + secondsMax * 1_000;
    let { cursor } = query;
    do {
      const { traces, next } = await list({ ...query, cursor, limit: 1 });
      const [trace] = traces;
      if (trace !== undefined || next === null) return trace ?? null;
      cursor = next;
    } while (performance.now() < until);
    throw new AppError("overloaded", `No trace that passes the filter was found in ${secondsMax} s.`, {
      hint: "Choose a shorter time range or add a filter.",
    });
  }

  async function outlineIn(project: string, traceId: string, bounds: TraceBounds, spansMax: number): Promise<TraceOutline> {
    const spans = await readRows(clickhouse, traceOutline(project, traceId, bounds, spansMax + 1), SpanOutline);
    return { spans: spans.slice(0, spansMax), isTruncated: spans.length > spansMax };
  }

  async function summaryIn(project: string, traceId: string, { first, last }: TraceBounds): Promise<TraceSummary | null> {
    const [summary] = await summaries(project, { from: first, to: last }, [traceId]);
    return summary ?? null;
  }

  /** One trace's bounds in time, or null when no span of it is stored. */
  async function boundsOf(project: string, traceId: string) {
    const [bounds] = await readRows(clickhouse, traceBounds(project, traceId), Bounds);
    return bounds ?? null;
  }

  return {
    /** A page of the list. It may hold fewer than `limit` traces and still have a next one. */
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
      const outline = await outlineIn(project, traceId, bounds, spansMax);
      // The bounds of a trace outlive its spans.
      return outline.spans.length === 0 ? null : outline;
    },

    /** The list's row of one trace, or null when no span of it is stored. */
    async summary(project: string, traceId: string): Promise<TraceSummary | null> {
      const bounds = await boundsOf(project, traceId);
      return bounds === null ? null : summaryIn(project, traceId, bounds);
    },

    /** The list's row of one trace and its spans, or null when no span of it is stored. */
    async trace(project: string, traceId: string, spansMax: number): Promise<(TraceOutline & { summary: TraceSummary }) | null> {
      const bounds = await boundsOf(project, traceId);
      if (bounds === null) return null;
      const [summary, outline] = await Promise.all([summaryIn(project, traceId, bounds), outlineIn(project, traceId, bounds, spansMax)]);
      return summary === null ? null : { summary, ...outline };
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

/** The window that holds the given keys. */
function spanned(keys: readonly TraceKey[]): TimeWindow {
  const starts = keys.map((key) => BigInt(key.startTimeUnixNano)).sort((a, b) => (a < b ? -1 : 1));
  return { from: String(starts.at(0) ?? 0n), to: String((starts.at(-1) ?? 0n) + 1n) };
}
