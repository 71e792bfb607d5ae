import type { ClickHouseClient } from "@clickhouse/client";
import { AppError } from "@signalbox/model";
import { createKeySearch, type TotalsById, wayTo } from "./keySearch.ts";
import type { TraceKey, TraceListQuery } from "./traceList.ts";
import type { TraceSummary } from "./traceSummary.ts";

/** A page of the list; `next` is the cursor of the page after it, or null at the end of the window. */
export type TracePage = { traces: TraceSummary[]; next: TraceKey | null };

/** The most rounds of reading for a page, each of twice as many keys as the one before, up to eight times. */
const ROUNDS_MAX = 12;
const ROUND_DOUBLINGS_MAX = 3;

/** The size that a small page counts as when it reads on. */
const PAGE_MIN = 50;

/** The time limit of a page, in milliseconds: it then ends where it is and says how far it has searched. */
const LIST_MS_MAX = 4_000;

/** The time limit for finding the first trace of a list, in seconds. */
const FIRST_MAX_SECONDS = 10;

/** A trace of a page and the key that it was found under. */
type Listed = { key: TraceKey; trace: TraceSummary };

/** Reads pages of a list of traces in one ClickHouse. */
export function createTracePages(clickhouse: ClickHouseClient) {
  const { nextKeys, totalsOf } = createKeySearch(clickhouse);

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

  return { list, first };
}
