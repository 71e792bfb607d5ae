import type { ClickHouseClient } from "@clickhouse/client";
import { AppError, type TimeWindow, type TraceFilter } from "@signalbox/model";
import { z } from "zod";
import { readRows, type Statement } from "../readRows.ts";
import { isAboutRootless, isAboutRoots } from "./facetConditions.ts";
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
} from "./traceList.ts";
import { type Slicing, slicesOf, withFirstRows } from "./traceSlices.ts";
import { StoredSummary, type TraceSummary } from "./traceSummary.ts";
import { traceTotals } from "./traceTotals.ts";

/** The time limit of one slice of a list's window, in seconds. */
const SLICE_MAX_SECONDS = 2;

const Key = z.object({ traceId: z.string(), startTimeUnixNano: z.string() });
const Count = z.coerce.number();
const Arrivals = z.object({ minute: Count, rows: Count });

/**
 * The way to find a list's keys. `own`: a session's or a user's traces are indexed. `found`: by any of their spans. `head`:
 * by their root spans, with rootless traces found separately. `firstRows`: the first slice need not have more rows.
 */
type Way = { kind: "own"; key: "session" | "user" } | { kind: "found" | "head"; slicing: Slicing; firstRows?: number };

/** Words and text have to be read unless there is an index: the first slice is small, and the next far larger after a fast answer. */
export function wayTo(filter: TraceFilter): Way {
  const key = (["session", "user"] as const).find((own) => filter[own] !== undefined);
  if (key !== undefined) return { kind: "own", key };
  if (filter.words !== undefined || filter.text !== undefined)
    return { kind: "found", slicing: { firstHours: 1, growth: 64n }, firstRows: 50_000 };
  if (asksOfSpans(filter)) return { kind: "found", slicing: { firstHours: 4, growth: 8n }, firstRows: 500_000 };
  return { kind: "head", slicing: { firstHours: 8, growth: 8n }, ...(isAboutRoots(filter) ? {} : { firstRows: 500_000 }) };
}

/** The totals of traces by their ids, null for a trace that fails the filter as a whole. */
export type TotalsById = ReadonlyMap<string, TraceSummary | null>;

/** Keys in a list's order, with the totals that are already known; `stopped` is where to go on when time was up. */
type Keys = { keys: TraceKey[]; totals: TotalsById; stopped: TraceKey | null };

/** The key between a slice and what comes after it. */
function keyBehind({ from, to }: TimeWindow, { direction }: TraceListQuery): TraceKey {
  return direction === "older"
    ? { startTimeUnixNano: from, traceId: "0".repeat(32) }
    : { startTimeUnixNano: String(BigInt(to) - 1n), traceId: "f".repeat(32) };
}

/** Searches the keys of a list in one ClickHouse, slice by slice of its window. */
export function createKeySearch(clickhouse: ClickHouseClient) {
  /** The totals of the traces of some keys. */
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

  return { totalsOf, nextKeys };
}

/** The window that contains the given keys. */
function spanned(keys: readonly TraceKey[]): TimeWindow {
  const starts = keys.map((key) => BigInt(key.startTimeUnixNano)).sort((a, b) => (a < b ? -1 : 1));
  return { from: String(starts.at(0) ?? 0n), to: String((starts.at(-1) ?? 0n) + 1n) };
}
