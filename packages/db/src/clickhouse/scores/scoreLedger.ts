import type { ClickHouseClient } from "@clickhouse/client";
import { ScoringState, TimeWindow, type UnscoredTraceFilter } from "@signalbox/model";
import { z } from "zod";
import { boundIds, hexOf } from "../ids.ts";
import { readRows } from "../readRows.ts";
import { StoredSummary, type TraceSummary } from "../traces/traceSummary.ts";
import { traceTotals } from "../traces/traceTotals.ts";

/** One version of a rule. */
export interface RuleVersion {
  readonly project: string;
  readonly ruleId: string;
  readonly version: number;
}

/**
 * The state of a trace under a rule. `reason` says why it waits or failed, or remarks on its
 * scores, or is empty; `tries` counts attempts to score it; `scores` maps names to values. Times
 * are milliseconds since 1970: `seenAtMs` is when it was first seen to be over, and never changes.
 */
export interface ScoreOutcome {
  readonly traceId: string;
  readonly state: ScoringState;
  readonly reason: string;
  readonly tries: number;
  readonly scores: Readonly<Record<string, number>>;
  readonly costUsd: number;
  readonly tokens: number;
  readonly seenAtMs: number;
  readonly nextTryAtMs: number;
}

/** The outcome of a trace that was just seen to be over. */
export function newOutcome(traceId: string, state: "waiting" | "sampled_out", nowMs: number): ScoreOutcome {
  return { traceId, state, reason: "", tries: 0, scores: {}, costUsd: 0, tokens: 0, seenAtMs: nowMs, nextTryAtMs: nowMs };
}

/** The number of traces of a rule version in a state, and their judges' usage. */
export type OutcomeCount = RuleVersion & { state: ScoringState; traces: number; costUsd: number; tokens: number };

const Count = z.coerce.number();
const OverRow = z.object({ traceId: z.string() });

const Outcome = z.object({
  traceId: z.string(),
  state: ScoringState,
  reason: z.string(),
  tries: Count,
  scores: z.record(z.string(), z.number()),
  costUsd: Count,
  tokens: Count,
  seenAtMs: Count,
  nextTryAtMs: Count,
});
const PlacedOutcome = Outcome.extend({ ruleId: z.string(), version: Count });
const CountRow = z.object({
  ...{ project: z.string(), ruleId: z.string(), version: Count, state: ScoringState },
  ...{ traces: Count, costUsd: Count, tokens: Count },
});
const OldestRow = z.object({ seenAtMs: Count, traces: Count });
const MeanRow = z.object({ ruleId: z.string(), name: z.string(), hourMs: Count, mean: z.number(), traces: Count });

/** An outcome with its rule and version. */
export type PlacedOutcome = z.infer<typeof PlacedOutcome>;

/** The mean of a score within the hour that begins at `hourMs` (milliseconds since 1970). */
export type ScoreMean = z.infer<typeof MeanRow>;

/** The end of a page of a rule's outcomes. */
export type OutcomeKey = Pick<ScoreOutcome, "seenAtMs" | "traceId">;

const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;

const OF_VERSION = "project = {project:String} AND rule = {ruleId:UUID} AND version = {version:UInt32}";

const COLUMNS = `toString(trace_id) AS traceId, state, reason, tries, scores, cost_usd AS costUsd, tokens, toUnixTimestamp64Milli(seen_at) AS seenAtMs, toUnixTimestamp64Milli(next_try_at) AS nextTryAtMs`;

const PLACED = `${COLUMNS}, toString(rule) AS ruleId, version`;

const SEEN = `seen_at >= ${moment("from")} AND seen_at < ${moment("until")}`;

/**
 * The time limit for finding finished traces, in seconds. One call covers at
 * most an hour of a busy project, so it may take longer than a screen's query.
 */
const LOOK_SECONDS_MAX = 60;

/** The most traces looked at together. */
export const LOOKED_AT_MAX = 400;

/**
 * Records the state of every trace that passed the filter of a score rule, and finds traces that are over.
 * Rows are rewritten under the same key and the newest wins: every method may be repeated after a crash.
 */
export type ScoreLedger = ReturnType<typeof createScoreLedger>;

export function createScoreLedger(clickhouse: ClickHouseClient) {
  return {
    /** The traces of a project whose latest span was received in [`fromMs`, `untilMs`) (milliseconds since 1970). */
    async over(project: string, fromMs: number, untilMs: number): Promise<string[]> {
      const sql = `SELECT ${hexOf("trace_id")} AS traceId FROM spans
WHERE project = {project:String} AND received_at >= ${moment("from")} AND received_at < ${moment("until")}
  AND trace_id NOT IN (SELECT trace_id FROM spans WHERE project = {project:String} AND received_at >= ${moment("until")})
GROUP BY trace_id ORDER BY min(start_time), trace_id`;
      const rows = await readRows(clickhouse, { sql, params: { project, from: fromMs, until: untilMs } }, OverRow, LOOK_SECONDS_MAX);
      return rows.map(({ traceId }) => traceId);
    },

    /** The stored traces of a project that began in [`fromMs`, `untilMs`), milliseconds since 1970. */
    async begun(project: string, fromMs: number, untilMs: number): Promise<string[]> {
      const sql = `SELECT ${hexOf("trace_id")} AS traceId FROM trace_times
WHERE project = {project:String} GROUP BY trace_id HAVING min(first) >= ${moment("from")} AND min(first) < ${moment("until")} ORDER BY min(first), trace_id`;
      const rows = await readRows(clickhouse, { sql, params: { project, from: fromMs, until: untilMs } }, OverRow, LOOK_SECONDS_MAX);
      return rows.map(({ traceId }) => traceId);
    },

    /** The given traces (at most `LOOKED_AT_MAX`) that pass a filter, as a list's rows would. */
    async matching(project: string, filter: UnscoredTraceFilter, traceIds: readonly string[]): Promise<TraceSummary[]> {
      if (traceIds.length === 0) return [];
      const sql = `SELECT toString(toUnixTimestamp64Nano(min(began))) AS from, toString(toUnixTimestamp64Nano(max(began)) + 1) AS to
FROM (SELECT min(first) AS began FROM trace_times WHERE project = {project:String} AND trace_id IN ${boundIds("traceIds")} GROUP BY trace_id)`;
      const [window] = await readRows(clickhouse, { sql, params: { project, traceIds } }, TimeWindow);
      if (window === undefined) return [];
      return readRows(clickhouse, traceTotals(project, window, traceIds, filter), StoredSummary, LOOK_SECONDS_MAX);
    },

    /** The given traces of which a rule version already has an outcome. */
    async known({ project, ruleId, version }: RuleVersion, traceIds: readonly string[]): Promise<ReadonlySet<string>> {
      if (traceIds.length === 0) return new Set();
      const sql = `SELECT DISTINCT toString(trace_id) AS traceId FROM score_outcomes WHERE ${OF_VERSION} AND trace_id IN {traceIds:Array(String)}`;
      const rows = await readRows(clickhouse, { sql, params: { project, ruleId, version, traceIds } }, OverRow);
      return new Set(rows.map(({ traceId }) => traceId));
    },

    /** Writes outcomes, each replacing the trace's earlier one. On disk when it resolves. */
    async write({ project, ruleId, version }: RuleVersion, outcomes: readonly ScoreOutcome[], nowMs: number): Promise<void> {
      if (outcomes.length === 0) return;
      await clickhouse.insert({
        table: "score_outcomes",
        format: "JSONEachRow",
        clickhouse_settings: { async_insert: 0, wait_end_of_query: 1, insert_quorum: "auto" },
        values: outcomes.map((one) => ({
          ...{
            project,
            rule: ruleId,
            version,
            trace_id: one.traceId,
            state: one.state,
            reason: one.reason,
            tries: one.tries,
            scores: one.scores,
          },
          ...{ cost_usd: one.costUsd, tokens: one.tokens },
          ...{ seen_at: timeOf(one.seenAtMs), next_try_at: timeOf(one.nextTryAtMs), updated_at: timeOf(nowMs) },
        })),
      });
    },

    /** Up to `rowsMax` traces that wait to be scored and are due, first seen first. */
    waiting(rule: RuleVersion, { nowMs, sinceMs, rowsMax }: { nowMs: number; sinceMs: number; rowsMax: number }): Promise<ScoreOutcome[]> {
      const sql = `SELECT ${COLUMNS} FROM score_outcomes FINAL
WHERE ${OF_VERSION} AND seen_at >= ${moment("since")} AND state = 'waiting' AND next_try_at <= ${moment("now")}
ORDER BY seen_at, trace_id LIMIT {rowsMax:UInt32}`;
      return readRows(clickhouse, { sql, params: { ...rule, now: nowMs, since: sinceMs, rowsMax } }, Outcome, LOOK_SECONDS_MAX);
    },

    /** The outcomes of the given traces under a rule version. */
    of({ project, ruleId, version }: RuleVersion, traceIds: readonly string[]): Promise<ScoreOutcome[]> {
      const sql = `SELECT ${COLUMNS} FROM score_outcomes FINAL WHERE ${OF_VERSION} AND trace_id IN {traceIds:Array(String)} ORDER BY seen_at, trace_id`;
      return readRows(clickhouse, { sql, params: { project, ruleId, version, traceIds } }, Outcome);
    },

    /** The time at which the longest-waiting trace was seen (milliseconds since 1970), null where none waits. */
    async oldestWaiting(rule: RuleVersion, sinceMs: number): Promise<number | null> {
      const sql = `SELECT toUnixTimestamp64Milli(min(seen_at)) AS seenAtMs, count() AS traces FROM score_outcomes FINAL
WHERE ${OF_VERSION} AND seen_at >= ${moment("since")} AND state = 'waiting'`;
      const [row] = await readRows(clickhouse, { sql, params: { ...rule, since: sinceMs } }, OldestRow, LOOK_SECONDS_MAX);
      return row === undefined || row.traces === 0 ? null : row.seenAtMs;
    },

    /** The number of traces in each state under a project's rules, of those seen in [`fromMs`, `untilMs`) (milliseconds since 1970). */
    counts(project: string, fromMs: number, untilMs: number): Promise<OutcomeCount[]> {
      const sql = `SELECT project, toString(rule) AS ruleId, version, state, count() AS traces, sum(outcome.cost_usd) AS costUsd, sum(outcome.tokens) AS tokens
FROM score_outcomes AS outcome FINAL
WHERE project = {project:String} AND ${SEEN} GROUP BY project, rule, version, state ORDER BY rule, version, state`;
      return readRows(clickhouse, { sql, params: { project, from: fromMs, until: untilMs } }, CountRow);
    },

    /**
     * Up to `rowsMax` outcomes of a rule in any version, latest seen first, of traces seen from `fromMs` on
     * (milliseconds since 1970); with `hasReason` only those with a reason. `before` continues from a page's end.
     */
    list({
      project,
      ruleId,
      state,
      before,
      fromMs = 0,
      hasReason = false,
      rowsMax,
    }: {
      project: string;
      ruleId: string;
      state: ScoringState | null;
      before: OutcomeKey | null;
      fromMs?: number;
      hasReason?: boolean;
      rowsMax: number;
    }): Promise<PlacedOutcome[]> {
      const at = before ?? { seenAtMs: Number.MAX_SAFE_INTEGER / 1_000, traceId: "" };
      const sql = `SELECT ${PLACED} FROM score_outcomes FINAL
WHERE project = {project:String} AND rule = {ruleId:UUID} AND (state = {state:String} OR {state:String} = '')${hasReason ? " AND reason != ''" : ""}
  AND seen_at >= ${moment("from")} AND (toUnixTimestamp64Milli(seen_at), trace_id) < ({beforeMs:Int64}, {beforeTrace:String})
ORDER BY seen_at DESC, trace_id DESC LIMIT {rowsMax:UInt32}`;
      const params = {
        project,
        ruleId,
        state: state ?? "",
        from: fromMs,
        beforeMs: Math.floor(at.seenAtMs),
        beforeTrace: at.traceId,
        rowsMax,
      };
      return readRows(clickhouse, { sql, params }, PlacedOutcome);
    },

    /** The outcomes of a trace under every rule that saw it, each in the rule's newest version that did. */
    ofTrace(project: string, traceId: string): Promise<PlacedOutcome[]> {
      const sql = `SELECT ${PLACED} FROM score_outcomes FINAL
WHERE project = {project:String} AND trace_id = {traceId:String} ORDER BY rule, version DESC LIMIT 1 BY rule`;
      return readRows(clickhouse, { sql, params: { project, traceId } }, PlacedOutcome);
    },

    /** The hourly mean of each score of a project's rules, over traces seen in [`fromMs`, `untilMs`) (milliseconds since 1970). */
    means(project: string, fromMs: number, untilMs: number): Promise<ScoreMean[]> {
      const sql = `SELECT toString(rule) AS ruleId, name, toUnixTimestamp(toStartOfHour(seen_at)) * 1000 AS hourMs, avg(value) AS mean, count() AS traces
FROM score_outcomes FINAL ARRAY JOIN mapKeys(scores) AS name, mapValues(scores) AS value
WHERE project = {project:String} AND ${SEEN} GROUP BY rule, name, hourMs ORDER BY rule, name, hourMs`;
      return readRows(clickhouse, { sql, params: { project, from: fromMs, until: untilMs } }, MeanRow);
    },
  };
}

/** A time in ClickHouse's format. */
const timeOf = (ms: number): string => new Date(ms).toISOString().replace("T", " ").slice(0, -1);
