import type { ScoreComparison, ScoreCondition, TraceFilter } from "@signalbox/model";
import { boundId, isRoot } from "../ids.ts";
import { allowedStatuses, facetParams, rootKindConditions, spanConditions } from "./facetConditions.ts";
import { SEARCHED, searchedOf, TOKENIZER } from "./textIndex.ts";

/**
 * A trace's spans start within this after the moment that it is listed under,
 * and, where clocks disagree, before it; what lies farther is not searched.
 */
const AFTER = "INTERVAL 1 DAY";
const BEFORE = "INTERVAL 1 HOUR";

/** A model's call is counted once: kinds that report usage, unless a call of these kinds inside reports it too. */
export const USAGE_KINDS = "('llm', 'embedding', 'reranker')";

/** A bound time: nanoseconds since 1970, as a decimal. */
export const moment = (name: string): string => `fromUnixTimestamp64Nano({${name}:Int64}, 'UTC')`;

/** Conditions joined by AND, one a line. */
export const all = (conditions: readonly string[]): string => conditions.join("\n  AND ");

/** The spans of a project that start in the window, from its first nanosecond to before its end. */
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
 * The condition that a span reports usage and no span directly inside it
 * reports it again. `scope` narrows the spans inside to those that can matter.
 */
export const countsUsage = (scope: string): string =>
  `kind IN ${USAGE_KINDS} AND (trace_id, span_id) NOT IN (SELECT trace_id, parent_span_id FROM spans FINAL WHERE ${scope} AND kind IN ${USAGE_KINDS})`;

/**
 * Which spans count. `versions`: `any` that was ever sent is quick, and right where the totals of a trace say afterwards whether it still
 * passes; the `latest` needs FINAL, which reads what every span nearby is sorted by. `near`: where the spans of the traces in question are.
 */
type Scope = { versions: "any" | "latest"; near: string };

const spansOf = ({ versions }: Scope): string => (versions === "latest" ? "spans FINAL" : "spans");

/** `trace_id` of the traces one of whose spans meets `condition`. */
const hasSpan = (condition: string, scope: Scope): string =>
  `trace_id IN (SELECT trace_id FROM ${spansOf(scope)} WHERE ${scope.near} AND ${condition})`;

/** `trace_id` of the traces that have a span for every condition, looked for in one reading. */
function hasSpans(conditions: readonly string[], scope: Scope): string[] {
  const [only, ...more] = conditions;
  if (only === undefined) return [];
  if (more.length === 0) return [hasSpan(only, scope)];
  const each = conditions.map((condition) => `countIf(${condition}) > 0`).join(" AND ");
  return [hasSpan(`(${conditions.join(" OR ")}) GROUP BY trace_id HAVING ${each}`, scope)];
}

/** `trace_id` of the traces that cost so much. As long as no call inside another is left out, no trace costs more than its calls say. */
function isCostly({ versions, near }: Scope): string {
  const latest = `SELECT trace_id, cost_usd FROM spans FINAL WHERE ${near} AND ${countsUsage(near)}`;
  const quick = `SELECT trace_id, argMax(cost_usd, received_at) AS cost_usd FROM spans WHERE ${near} AND kind IN ${USAGE_KINDS} GROUP BY trace_id, span_id`;
  return `trace_id IN (SELECT trace_id FROM (${versions === "latest" ? latest : quick}) GROUP BY trace_id HAVING sum(cost_usd) >= {minCostUsd:Float64})`;
}

/** Comparisons as the engine writes them; what a sender writes is never part of the SQL. */
const COMPARISONS: Record<ScoreComparison, string> = { "<": "<", "<=": "<=", "=": "=", ">=": ">=", ">": ">" };

/**
 * That a score can be of a trace which starts in the window or after it: no trace is judged before it began. The day is for clocks that
 * disagree, the later of the two times for what is told of the past. In this order is the projection `by_name`.
 */
const TOLD_SINCE = `greatest(time, received_at) >= ${moment("from")} - INTERVAL 1 DAY`;

/** What the filter's condition at `index` asks of a value. */
const isMet = ({ comparison }: ScoreCondition, index: number): string => `${COMPARISONS[comparison]} {limit_${index}:Float64}`;

/** A trace's own scores of the name that the filter's condition at `index` asks for. */
const ofName = (index: number): string => `project = {project:String} AND span_id = '' AND name = {score_${index}:String}`;

/** `trace_id` of those among the bound traces that have, for each condition, a score of their own that meets it. */
export function haveScores({ scores = [] }: TraceFilter): string[] {
  return scores.map(
    (condition, index) =>
      `trace_id IN (SELECT ${ID_OF_SCORE} FROM scores FINAL WHERE ${ofName(index)} AND trace_id IN {traceIds:Array(String)} AND value ${isMet(condition, index)})`,
  );
}

/** `trace_id` of the traces of the window that have such scores. The latest of a scorer is told by all of them: FINAL knows of no projection. */
function haveScoresSince({ scores = [] }: TraceFilter, { versions }: Scope): string[] {
  return scores.map((condition, index) => {
    const which =
      versions === "latest"
        ? `GROUP BY trace_id, scorer HAVING argMax(value, time) ${isMet(condition, index)}`
        : `AND value ${isMet(condition, index)}`;
    return `trace_id IN (SELECT ${ID_OF_SCORE} FROM scores WHERE ${ofName(index)} AND ${TOLD_SINCE} ${which})`;
  });
}

/** Scores have the id of their trace as hex digits. */
const ID_OF_SCORE = "toFixedString(unhex(toString(trace_id)), 16)";

const CONTAINED_IN = ["name", "status_message", "system_messages", "input_messages", "output_messages", "tool_arguments", "tool_result"];

/** How text stands inside the JSON that the message columns hold: `"` as `\"`, a line break as `\n`. */
const insideJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** The id that a person may have pasted, or nothing. */
const idIn = (text: string): string => (/^([0-9a-f]{16}){1,2}$/i.test(text.trim()) ? text.trim() : "");

/** The condition that a span says the text of the filter somewhere, or is what it names. */
export function containsText(): string {
  const isIn = CONTAINED_IN.flatMap((column) =>
    ["text", "textInJson"].map((param) => `positionCaseInsensitiveUTF8(${column}, {${param}:String}) > 0`),
  );
  return `(${isIn.join(" OR ")} OR trace_id = ${boundId("idText")} OR span_id = ${boundId("idText")})`;
}

/** The condition that a span's messages hold every word of the filter: by the index where there is one, else by reading them. */
export function containsWords(): string {
  return `(${SEARCHED.map((searched) => `hasAllTokens(${searched}, tokens(${searchedOf("{words:String}")}, '${TOKENIZER}'))`).join(" OR ")})`;
}

/**
 * What a filter asks of the spans of a trace, besides what they cost: of some span when
 * `isWanted`, else of none. `isOfBodies`: it reads more than short columns, or an index on them.
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

/** The conditions of a filter that any span of the trace may meet; `more` is asked of some span besides. */
export function traceConditions(filter: TraceFilter, scope: Scope, more: readonly string[] = []): string[] {
  const tests = spanTests(filter);
  const short = tests.filter(({ isWanted, isOfBodies }) => isWanted && !isOfBodies).map(({ condition }) => condition);
  return [
    ...hasSpans([...short, ...more], scope),
    ...tests.filter(({ isOfBodies }) => isOfBodies).map(({ condition }) => hasSpan(condition, scope)),
    ...(filter.minCostUsd === undefined ? [] : [isCostly(scope)]),
    ...haveScoresSince(filter, scope),
    // What a trace must not have is looked for where it is now: an earlier version that had it rules nothing out.
    ...tests.filter(({ isWanted }) => !isWanted).map(({ condition }) => `NOT ${hasSpan(condition, { ...scope, versions: "latest" })}`),
  ];
}

/** Whether a filter asks for something that is not said by the root span alone. */
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
