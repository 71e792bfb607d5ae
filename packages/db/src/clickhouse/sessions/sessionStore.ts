import type { ClickHouseClient } from "@clickhouse/client";
import { type Message, readMessages, type TimeWindow } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import {
  type OwnerKey,
  type OwnerListQuery,
  ownerKeys,
  ownerTotals,
  sessionBounds,
  type TraceOwner,
  traceWords,
} from "./sessionStatements.ts";

const Flag = z.union([z.boolean(), z.number()]).transform(Boolean);
const Count = z.coerce.number();
const Sum = z.coerce.number().nullable();

const Key = z.object({ id: z.string(), lastUnixNano: z.string() });
const Bounds = z.object({ first: z.string(), last: z.string() });
const Totals = z.object({
  id: z.string(),
  traces: Count,
  failed: Count,
  spans: Count,
  errors: Count,
  firstUnixNano: z.string(),
  endUnixNano: z.string(),
  models: z.array(z.string()),
  others: z.array(z.string()),
  othersCount: Count,
  inputTokens: Sum,
  outputTokens: Sum,
  usageIsEstimate: Flag,
  costUsd: Sum.transform((sum) => sum ?? 0),
  costIsEstimate: Flag,
  spansWithoutCost: Count,
});
const Words = z.object({ traceId: z.string(), asked: z.string(), answered: z.string(), statusMessage: z.string() });

/**
 * The totals of a session's or a user's traces in a time range. `failed` counts traces whose root failed, `errors` failed spans.
 * `others` are the users of a session, or the sessions of a user (the first 20 of `othersCount`). Sums are as in a `TraceSummary`.
 */
export type OwnerTotals = z.infer<typeof Totals>;

/** A row of the list of sessions or users; `lastUnixNano` is the start of the last span that names it. */
export type OwnerSummary = OwnerTotals & { lastUnixNano: string };

/** A page of the list; it may hold fewer rows than asked for and still have a `next` one. */
export type OwnerPage = { rows: OwnerSummary[]; next: OwnerKey | null };

/** A trace's question and answer; empty where no span has them. */
export type TraceWords = { traceId: string; asked: Message[]; answered: Message[]; statusMessage: string };

const NS_PER_DAY = 86_400_000_000_000n;

/** Reads the sessions and users of one ClickHouse. Every method throws an `AppError` as `readRows` does. */
export function createSessionStore(clickhouse: ClickHouseClient) {
  async function page(owner: TraceOwner, query: OwnerListQuery): Promise<OwnerPage> {
    const keys = await readRows(clickhouse, ownerKeys(owner, { ...query, limit: query.limit + 1 }), Key);
    const shown = keys.slice(0, query.limit);
    const found = await totals(
      owner,
      query.project,
      query.window,
      shown.map(({ id }) => id),
    );
    const totalsOf = new Map(found.map((row) => [row.id, row]));
    const rows = shown.flatMap((key) => {
      const sums = totalsOf.get(key.id);
      return sums === undefined ? [] : [{ ...sums, lastUnixNano: key.lastUnixNano }];
    });
    return { rows, next: keys.length > query.limit ? (shown.at(-1) ?? null) : null };
  }

  async function totals(owner: TraceOwner, project: string, window: TimeWindow, ids: readonly string[]): Promise<OwnerTotals[]> {
    return ids.length === 0 ? [] : readRows(clickhouse, ownerTotals(owner, project, window, ids), Totals);
  }

  return {
    /** A page of sessions, last active first. */
    sessions: (query: OwnerListQuery): Promise<OwnerPage> => page("session", query),

    /** A page of users, last active first. */
    users: (query: OwnerListQuery): Promise<OwnerPage> => page("user", query),

    /**
     * The window that lists all traces of a session, or null when no span names
     * it. A trace may begin up to a day before the span that names the session.
     */
    async sessionWindow(project: string, session: string): Promise<TimeWindow | null> {
      const [bounds] = await readRows(clickhouse, sessionBounds(project, session), Bounds);
      if (bounds === undefined) return null;
      const [first, last] = [BigInt(bounds.first), BigInt(bounds.last)];
      return { from: String(first > NS_PER_DAY ? first - NS_PER_DAY : 0n), to: String(last + 1n) };
    },

    /** The totals of a session or a user in the window, or null when it lists no trace of theirs. */
    async totalsOf(owner: TraceOwner, project: string, window: TimeWindow, id: string): Promise<OwnerTotals | null> {
      const [row] = await totals(owner, project, window, [id]);
      return row ?? null;
    },

    /** The questions and answers of the given traces, in any order. */
    async words(project: string, window: TimeWindow, traceIds: readonly string[]): Promise<TraceWords[]> {
      if (traceIds.length === 0) return [];
      const rows = await readRows(clickhouse, traceWords(project, window, traceIds), Words);
      return rows.map(({ asked, answered, ...rest }) => ({
        ...rest,
        asked: asked === "" ? [] : readMessages(asked, "user"),
        answered: answered === "" ? [] : readMessages(answered, "assistant"),
      }));
    },
  };
}
