import type { ScoreComparison, ScoreCondition, TraceFilter } from "@signalbox/model";
import { boundId, isRoot } from "../ids.ts";
import { allowedStatuses, facetParams, rootKindConditions, spanConditions } from "./facetConditions.ts";
import { SEARCHED, searchedOf, TOKENIZER } from "./textIndex.ts";

/**
 * A trace's spans start within this time after the trace's listed start, and,
 * where clocks disagree, before it; spans farther away are not searched.
 */
const AFTER = "INTERVAL 1 DAY";
const BEFORE = "INTERVAL 1 HOUR";

/** Each model call is counted once: kinds that report usage, unless a call of these kinds inside reports it too. */
export const USAGE_KINDS = "('llm', 'embedding', 'reranker')";

/** A bound time: nanoseconds since 1970, as a decimal. */
export const moment = (name: string): string => `fromUnixTimestamp64Nano({${name}:Int64}, 'UTC')`;

/** Conditions joined by AND, one per line. */
export const all = (conditions: readonly string[]): string => conditions.join("\n  AND ");

/** The spans of a project that start in the window, end exclusive. */
export const inWindow = ["project = {project:String}", `start_time >= ${moment("from")}`, `start_time < ${moment("to")}`];

/** The spans of a project that can belong to a trace listed in the window. */
export const NEARBY = all([
  "project = {project:String}",
  `start_time >= ${moment("from")} - ${BEFORE}`,
  `start_time < ${moment("to")} + ${AFTER}`,
]);

/** The spans of a project that can belong to a trace whose earliest span starts in the window. */
export const FROM_FIRST = all(["project = {project:String}", `start_time >= ${moment("from")}`, `start_time < ${moment("to")} + ${AFTER}`]);

/**
 * The condition that a span reports usage and no span directly inside it reports it again. `scope` limits the inner spans to relevant ones.
 */
export const countsUsage = (scope: string): string =>
  `kind IN ${USAGE_KINDS} AND (trace_id, span_id) NOT IN (SELECT trace_id, parent_span_id FROM spans FINAL WHERE ${scope} AND kind IN ${USAGE_KINDS})`;

/**
 * The spans to search. `versions`: `any` version ever sent is fast, and correct where the totals of a trace are checked afterwards;
 * the `latest` needs FINAL, which reads the sorting key of every span nearby. `near`: where the spans of the traces in question are.
 */
type Scope = { versions: "any" | "latest"; near: string };

const spansOf = ({ versions }: Scope): string => (versions === "latest" ? "spans FINAL" : "spans");

/** `trace_id` of the traces with a span that meets `condition`. */
const hasSpan = (condition: string, scope: Scope): string =>
  `trace_id IN (SELECT trace_id FROM ${spansOf(scope)} WHERE ${scope.near} AND ${condition})`;

/** `trace_id` of the traces that have a span for every condition, found in a single pass. */
function hasSpans(conditions: readonly string[], scope: Scope): string[] {
  const [only, ...more] = conditions;
  if (only === undefined) return [];
  if (more.length === 0) return [hasSpan(only, scope)];
  const each = conditions.map((condition) => `countIf(${condition}) > 0`).join(" AND ");
  return [hasSpan(`(${conditions.join(" OR ")}) GROUP BY trace_id HAVING ${each}`, scope)];
}

/** `trace_id` of the traces whose calls cost enough. As long as no nested call is left out, a trace costs no more than its calls. */
function isCostly({ versions, near }: Scope): string {
  const latest = `SELECT trace_id, cost_usd FROM spans FINAL WHERE ${near} AND ${countsUsage(near)}`;
  const quick = `SELECT trace_id, argMax(cost_usd, received_at) AS cost_usd FROM spans WHERE ${near} AND kind IN ${USAGE_KINDS} GROUP BY trace_id, span_id`;
  return `trace_id IN (SELECT trace_id FROM (${versions === "latest" ? latest : quick}) GROUP BY trace_id HAVING sum(cost_usd) >= {minCostUsd:Float64})`;
}

/** Comparisons in SQL; a sender's text is never part of the SQL. */
const COMPARISONS: Record<ScoreComparison, string> = { "<": "<", "<=": "<=", "=": "=", ">=": ">=", ">": ">" };

/**
 * The condition for a score that can belong to a trace which starts in the window or after it: no trace is judged before it began.
 * The day allows for clocks that disagree, the later of the two times for scores with a time in the past. The projection `by_name`
 * has this order.
 */
const TOLD_SINCE = `greatest(time, received_at) >= ${moment("from")} - INTERVAL 1 DAY`;

/** The comparison with a value that the filter's condition at `index` makes. */
const isMet = ({ comparison }: ScoreCondition, index: number): string => `${COMPARISONS[comparison]} {limit_${index}:Float64}`;

/** The condition for a trace's own scores of the name in the filter's condition at `index`. */
const ofName = (index: number): string => `project = {project:String} AND span_id = '' AND name = {score_${index}:String}`;

/** `trace_id` of those among the bound traces that have, for each condition, a score of their own that meets it. */
export function haveScores({ scores = [] }: TraceFilter): string[] {
  return scores.map(
    (condition, index) =>
      `trace_id IN (SELECT ${ID_OF_SCORE} FROM scores FINAL WHERE ${ofName(index)} AND trace_id IN {traceIds:Array(String)} AND value ${isMet(condition, index)})`,
  );
}

/** `trace_id` of the traces of the window that have such scores. The latest of a scorer, or of one feedback, is told by all of them: FINAL knows of no projection. */
function haveScoresSince({ scores = [] }: TraceFilter, { versions }: Scope): string[] {
  return scores.map((condition, index) => {
    const which =
      versions === "latest"
        ? `GROUP BY trace_id, scorer, feedback_id HAVING argMax(value, time) ${isMet(condition, index)}`
        : `AND value ${isMet(condition, index)}`;
    return `trace_id IN (SELECT ${ID_OF_SCORE} FROM scores WHERE ${ofName(index)} AND ${TOLD_SINCE} ${which})`;
  });
}

/** Scores have the id of their trace as hex digits. */
const ID_OF_SCORE = "toFixedString(unhex(toString(trace_id)), 16)";

const CONTAINED_IN = ["name", "status_message", "system_messages", "input_messages", "output_messages", "tool_arguments", "tool_result"];

/** Text as it appears inside the JSON of the message columns: `"` as `\"`, a line break as `\n`. */
const insideJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The id that a person may have pasted, or nothing. */
const idIn = (text: string): string => (/^([0-9a-f]{16}){1,2}$/i.test(text.trim()) ? text.trim() : "");

/** The condition that a span contains the filter's text somewhere, or has it as its id. */
export function containsText(): string {
  const isIn = CONTAINED_IN.flatMap((column) =>
    ["text", "textInJson"].map((param) => `positionCaseInsensitiveUTF8(${column}, {${param}:String}) > 0`),
  );
  return `(${isIn.join(" OR ")} OR trace_id = ${boundId("idText")} OR span_id = ${boundId("idText")})`;
}

/** The condition that a span's messages contain every word of the filter: by the index where there is one, else by reading them. */
export function containsWords(): string {
  return `(${SEARCHED.map((searched) => `hasAllTokens(${searched}, tokens(${searchedOf("{words:String}")}, '${TOKENIZER}'))`).join(" OR ")})`;
}

/**
 * The tests of a filter on the spans of a trace, besides their cost: on some span when `isWanted`,
 * else on none. `isOfBodies`: the test reads more than short columns, or an index on them.
 */
export function spanTests(filter: TraceFilter): { condition: string; isWanted: boolean; isOfBodies: boolean }[] {
  const short: string[] = [];
  if (filter.hasErrors) short.push("status = 'error'");
  if (filter.session !== undefined) short.push("session = {session:String}");
  if (filter.user !== undefined) short.push("user = {user:String}");
  if (filter.tag !== undefined) short.push("has(tags, {tag:String})");
  if (filter.model !== undefined) short.push("model = {model:String}");
  const long: string[] = [];
  if (filter.text !== undefined) long.push(containsText());
  if (filter.words !== undefined) long.push(containsWords());
  return [
    ...short.map((condition) => ({ condition, isWanted: true, isOfBodies: false })),
    ...long.map((condition) => ({ condition, isWanted: true, isOfBodies: true })),
    ...spanConditions(filter).map((test) => ({ ...test, isOfBodies: false })),
  ];
}

/** The conditions of a filter that any span of the trace may meet; `more` are further conditions on some span. */
export function traceConditions(filter: TraceFilter, scope: Scope, more: readonly string[] = []): string[] {
  const tests = spanTests(filter);
  const short = tests.filter(({ isWanted, isOfBodies }) => isWanted && !isOfBodies).map(({ condition }) => condition);
  return [
    ...hasSpans([...short, ...more], scope),
    ...tests.filter(({ isOfBodies }) => isOfBodies).map(({ condition }) => hasSpan(condition, scope)),
    ...(filter.minCostUsd === undefined ? [] : [isCostly(scope)]),
    ...haveScoresSince(filter, scope),
    // Exclusions test the latest versions: an earlier version that matched rules nothing out.
    ...tests.filter(({ isWanted }) => !isWanted).map(({ condition }) => `NOT ${hasSpan(condition, { ...scope, versions: "latest" })}`),
  ];
}

/** Whether a filter asks for something that the root span alone cannot answer. */
export const asksOfSpans = (filter: TraceFilter): boolean =>
  spanTests(filter).length > 0 || filter.minCostUsd !== undefined || filter.scores !== undefined;

/** The bound values of a filter. */
export function filterParams(filter: TraceFilter): Record<string, unknown> {
  const { hasErrors: _, status: __, only: ___, without: ____, scores = [], ...values } = filter;
  return {
    ...values,
    ...facetParams(filter),
    ...Object.fromEntries(
      scores.flatMap(({ name, limit }, index) => [
        [`score_${index}`, name],
        [`limit_${index}`, limit],
      ]),
    ),
    ...(filter.text === undefined ? {} : { textInJson: insideJson(filter.text), idText: idIn(filter.text) }),
    ...(filter.words === undefined ? {} : { words: insideJson(filter.words) }),
    ...(filter.minDurationMs === undefined ? {} : { minDurationNs: String(Math.round(filter.minDurationMs * 1e6)) }),
  };
}

/** The conditions of a filter on a root span. */
export function rootConditions(filter: TraceFilter): string[] {
  const conditions = [isRoot()];
  const statuses = allowedStatuses(filter);
  if (!statuses.has("error")) conditions.push("status != 'error'");
  if (!statuses.has("ok")) conditions.push("status = 'error'");
  conditions.push(...rootKindConditions(filter));
  if (filter.name !== undefined) conditions.push("positionCaseInsensitiveUTF8(name, {name:String}) > 0");
  if (filter.minDurationMs !== undefined)
    conditions.push("toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time) >= {minDurationNs:Int64}");
  return conditions;
}
