import type { ClickHouseClient } from "@clickhouse/client";
import { AppError, type Span, type TimeWindow, type TraceFilter } from "@signalbox/model";
import { z } from "zod";
import { readRows, type Statement } from "../readRows.ts";
import { isAboutRootless, isAboutRoots } from "./facetConditions.ts";
import { belowRuns, hasOrphans, RunHalf, runHalves } from "./runParents.ts";
import { EndSpan, SpanOutline, StoredSpan } from "./storedSpan.ts";
import { type EndsAsked, talkingEnds, talkingSpans, traceOutline, wholeSpan } from "./traceDetail.ts";
import { asksOfSpans } from "./traceFilter.ts";
import {
  besideRoots,
  foundKeys,
  inListOrder,
  minuteArrivals,
  ownKeys,
  rootKeys,
  rootlessKeys,
  type TraceKey,
  type TraceListQuery,
  traceHistogram,
} from "./traceList.ts";
import { type Slicing, slicesOf, withFirstRows } from "./traceSlices.ts";
import { StoredSummary, type TraceSummary } from "./traceSummary.ts";
import { totalsOfTrace, traceTotals } from "./traceTotals.ts";

/** A page of the list; `next` is the cursor of the page after it, or null at the end of the window. */
export type TracePage = { traces: TraceSummary[]; next: TraceKey | null };

/** A trace's spans without bodies; `isTruncated` when there are more than were asked for. */
export type TraceOutline = { spans: SpanOutline[]; isTruncated: boolean };

export type TraceHistogramBucket = { bucket: number; traces: number; failed: number };

/** The most rounds of reading for a page, each of twice as many keys as the one before, up to eight times. */
const ROUNDS_MAX = 12;
const ROUND_DOUBLINGS_MAX = 3;

/** The size that a small page counts as when it reads on. */
const PAGE_MIN = 50;

/**
 * The time limit of a page (milliseconds): it then ends where it is and says how
 * far it has searched. A slice of its window may take only a fraction of that.
 */
const LIST_MS_MAX = 4_000;
const SLICE_MAX_SECONDS = 2;

/** The time limit for finding the first trace of a list, in seconds. */
const FIRST_MAX_SECONDS = 10;

/** A trace of a page and the key that it was found under. */
type Listed = { key: TraceKey; trace: TraceSummary };

const Key = z.object({ traceId: z.string(), startTimeUnixNano: z.string() });
const Count = z.coerce.number();

const Arrivals = z.object({ minute: Count, rows: Count });
const HistogramBucket = z.object({ bucket: Count, traces: Count, failed: Count });
const Newest = z.object({ startTimeUnixNano: z.string() });

/**
 * The way to find a list's keys. `own`: a session's or a user's traces are indexed. `found`: by any of their spans. `head`:
 * by their root spans, with rootless traces found separately. `firstRows`: the first slice need not have more rows.
 */
type Way = { kind: "own"; key: "session" | "user" } | { kind: "found" | "head"; slicing: Slicing; firstRows?: number };

/** Words and text have to be read unless there is an index: the first slice is small, and the next far larger after a fast answer. */
function wayTo(filter: TraceFilter): Way {
  const key = (["session", "user"] as const).find((own) => filter[own] !== undefined);
  if (key !== undefined) return { kind: "own", key };
  if (filter.words !== undefined || filter.text !== undefined)
    return { kind: "found", slicing: { firstHours: 1, growth: 64n }, firstRows: 50_000 };
  if (asksOfSpans(filter)) return { kind: "found", slicing: { firstHours: 4, growth: 8n }, firstRows: 500_000 };
  return { kind: "head", slicing: { firstHours: 8, growth: 8n }, ...(isAboutRoots(filter) ? {} : { firstRows: 500_000 }) };
}

/** The totals of traces by their ids, null for a trace that fails the filter as a whole. */
type TotalsById = ReadonlyMap<string, TraceSummary | null>;

/** Keys in a list's order, with the totals that are already known; `stopped` is where to go on when time was up. */
type Keys = { keys: TraceKey[]; totals: TotalsById; stopped: TraceKey | null };

/** The key between a slice and what comes after it. */
function keyBehind({ from, to }: TimeWindow, { direction }: TraceListQuery): TraceKey {
  return direction === "older"
    ? { startTimeUnixNano: from, traceId: "0".repeat(32) }
    : { startTimeUnixNano: String(BigInt(to) - 1n), traceId: "f".repeat(32) };
}

/** Reads traces of one ClickHouse. Every method throws an `AppError` as `readRows` does. */
export type TraceStore = ReturnType<typeof createTraceStore>;

export function createTraceStore(clickhouse: ClickHouseClient) {
  async function totalsOf(query: TraceListQuery, keys: readonly TraceKey[]): Promise<TotalsById> {
    const traceIds = keys.map((key) => key.traceId);
    if (traceIds.length === 0) return new Map();
    const totals = await readRows(clickhouse, traceTotals(query.project, spanned(keys), traceIds, query.filter), StoredSummary);
    const traceOf = new Map(totals.map((trace) => [trace.traceId, trace]));
    return new Map(traceIds.map((id) => [id, traceOf.get(id) ?? null]));
  }

  const sliceKeys = (statement: Statement): Promise<TraceKey[]> => readRows(clickhouse, statement, Key, SLICE_MAX_SECONDS);

  /**
   * The keys of traces with a root span and of those without. The latter
   * are searched while the totals of a page filled by the former are read.
   */
  async function headKeys(query: TraceListQuery): Promise<Pick<Keys, "keys" | "totals">> {
    const roots = isAboutRoots(query.filter) ? await sliceKeys(rootKeys(query)) : [];
    const [others, totals] = await Promise.all([
      isAboutRootless(query.filter) ? sliceKeys(rootlessKeys(besideRoots(query, roots))) : [],
      totalsOf(query, roots.length < query.limit ? [] : roots),
    ]);
    return { keys: inListOrder(query, [...roots, ...others]), totals };
  }

  async function foundIn(query: TraceListQuery): Promise<Pick<Keys, "keys" | "totals">> {
    return { keys: await sliceKeys(foundKeys(query)), totals: new Map() };
  }

  /** The result for a slice, or the error that says it was too much to read in time. */
  async function unlessTooMuch<T>(asked: Promise<T>): Promise<T | AppError> {
    try {
      return await asked;
    } catch (error) {
      if (error instanceof AppError && error.code === "overloaded") return error;
      throw error;
    }
  }

  async function slicingOf(query: TraceListQuery, { slicing, firstRows }: Exclude<Way, { kind: "own" }>): Promise<Slicing> {
    const longest = slicesOf(query, slicing).next();
    if (firstRows === undefined || longest.done) return slicing;
    const arrivals = await readRows(clickhouse, minuteArrivals(query.project, longest.value), Arrivals);
    return withFirstRows(slicing, firstRows, longest.value, query, arrivals, Date.now() / 1_000);
  }

  /**
   * The next keys of a list, up to its limit: fewer only at the end of the window, or when it is late (`until`, as
   * `performance.now` tells) and part of the window has been searched. Their traces may still fail the filter as a whole.
   */
  async function nextKeys(query: TraceListQuery, until: number): Promise<Keys> {
    const way = wayTo(query.filter);
    if (way.kind === "own") return { keys: await readRows(clickhouse, ownKeys(query, way.key), Key), totals: new Map(), stopped: null };
    const read = way.kind === "found" ? foundIn : headKeys;
    const keys: TraceKey[] = [];
    const totals = new Map<string, TraceSummary | null>();
    let searched: TimeWindow | undefined;
    const slices = slicesOf(query, await slicingOf(query, way));
    let slice = slices.next();
    while (slice.done !== true) {
      if (searched !== undefined && performance.now() > until) return { keys, totals, stopped: keyBehind(searched, query) };
      const startedAt = performance.now();
      const found = await unlessTooMuch(read({ ...query, window: slice.value, limit: query.limit - keys.length }));
      if (found instanceof AppError) {
        slice = slices.next("too much");
        if (slice.done) throw found;
        continue;
      }
      keys.push(...found.keys);
      for (const [traceId, trace] of found.totals) totals.set(traceId, trace);
      if (keys.length >= query.limit) break;
      searched = slice.value;
      slice = slices.next({ tookMs: performance.now() - startedAt });
    }
    return { keys, totals, stopped: null };
  }

  /**
   * The traces of the given keys that pass the filter, each once, in the keys' order. A trace found under a start
   * other than its own (a second root, an earlier version) is listed under its own; one without a root has one key.
   */
  async function listedOf(query: TraceListQuery, keys: readonly TraceKey[], known: TotalsById): Promise<Listed[]> {
    const unknown = await totalsOf(
      query,
      keys.filter(({ traceId }) => !known.has(traceId)),
    );
    return keys.flatMap((key) => {
      const trace = known.get(key.traceId) ?? unknown.get(key.traceId);
      const hasOneKey = wayTo(query.filter).kind !== "head" || trace?.status === "incomplete";
      const isItsPlace = hasOneKey || trace?.startTimeUnixNano === key.startTimeUnixNano;
      return trace && isItsPlace ? [{ key, trace }] : [];
    });
  }

  /** Reads on until a page is full, for at most `ROUNDS_MAX` rounds or `msMax`: first keys, then their traces. */
  async function list(query: TraceListQuery, msMax = LIST_MS_MAX): Promise<TracePage> {
    const listed: Listed[] = [];
    const listedIds = new Set<string>();
    let { cursor } = query;
    const until = performance.now() + msMax;
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const limit = round === 0 ? query.limit : Math.max(query.limit, PAGE_MIN) * 2 ** Math.min(round, ROUND_DOUBLINGS_MAX);
      const { keys, totals, stopped } = await nextKeys({ ...query, cursor, limit: limit + 1 }, until);
      const looked = keys.slice(0, limit);
      for (const found of await listedOf(query, looked, totals)) {
        // A trace without a root now that had several before is found under each of them.
        if (listedIds.has(found.trace.traceId)) continue;
        listedIds.add(found.trace.traceId);
        listed.push(found);
      }
      cursor = looked.at(-1) ?? cursor;
      const page = listed.slice(0, query.limit);
      const traces = page.map(({ trace }) => trace);
      const isEnd = keys.length <= limit;
      if (listed.length > query.limit || (page.length === query.limit && !isEnd)) return { traces, next: page.at(-1)?.key ?? null };
      if (stopped !== null) return { traces, next: stopped };
      if (isEnd) return { traces, next: null };
      if (performance.now() > until) return { traces, next: cursor };
    }
    return { traces: listed.map(({ trace }) => trace), next: cursor };
  }

  /** The first trace of a list, or null when there is none; throws `overloaded` when none was found in time but there may be one. */
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

/** The window that contains the given keys. */
function spanned(keys: readonly TraceKey[]): TimeWindow {
  const starts = keys.map((key) => BigInt(key.startTimeUnixNano)).sort((a, b) => (a < b ? -1 : 1));
  return { from: String(starts.at(0) ?? 0n), to: String((starts.at(-1) ?? 0n) + 1n) };
}
