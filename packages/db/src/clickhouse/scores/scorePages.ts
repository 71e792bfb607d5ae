import type { ClickHouseClient } from "@clickhouse/client";
import type { Score } from "@signalbox/model";
import { z } from "zod";
import { readRows, type Statement } from "../readRows.ts";
import { GIVEN, LABELS, type LabelScore } from "./labelReader.ts";
import { scoreIn, TIME } from "./scoreReader.ts";

/** The scores to read: those of any of the names (of all, where there are none) that were given from `since` on, and before `before`. */
export interface ScoreQuery {
  readonly project: string;
  readonly names: readonly string[];
  readonly since?: Date;
  readonly before?: Date;
}

/** A score of a trace or a span, or a label without a number. */
export type GivenScore = Score | LabelScore;

/** Where a score stands among a project's. */
export type ScorePlace = Pick<Score, "traceId" | "name" | "scorer"> & { spanId: string; feedbackId: string; isLabel: boolean };

/** The place of a score, after which the next page begins. */
export const placeOf = ({ traceId, spanId, name, scorer, feedback, value }: GivenScore): ScorePlace => ({
  ...{ traceId, spanId: spanId ?? "", name, scorer, feedbackId: feedback?.id ?? "", isLabel: value === null },
});

const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;

/**
 * A page in the order of the table of scores, of which no more is read than the page itself. Labels lie in the order of time: every page
 * searches those of the project. What was given before a time is judged by its latest version alone.
 */
export function scorePage({ project, names, since, before }: ScoreQuery, after: ScorePlace | null, rowsMax: number): Statement {
  const conditions = (name: string, time: string, trace: string): string =>
    [
      ...(names.length === 0 ? [] : [`${name} IN {names:Array(String)}`]),
      ...(since === undefined ? [] : [`${time} >= ${moment("sinceMs")}`]),
      ...(after === null ? [] : [`${trace} >= {afterTrace:String}`]),
    ]
      .map((condition) => ` AND ${condition}`)
      .join("");
  const isBefore = (time: string): string => (before === undefined ? "" : ` AND ${time} < ${moment("beforeMs")}`);
  const isAfter = (key: string, isLabel: 0 | 1): string =>
    after === null
      ? "1"
      : `(${key}, ${isLabel}) > ({afterTrace:String}, {afterSpan:String}, {afterName:String}, {afterScorer:String}, {afterFeedback:String}, {afterIsLabel:UInt8})`;
  const key = "toString(trace_id), span_id, toString(scores.name), toString(scores.scorer), feedback_id";
  const sql = `SELECT * FROM (
  SELECT project, toString(trace_id) AS traceId, span_id AS spanId, toString(scores.name) AS name, toNullable(value) AS value, toString(label) AS label,
    explanation, toString(scores.scorer) AS scorer, ${TIME} AS time, feedback_id AS feedbackId, feedback_run AS feedbackRun, 0 AS isLabel
  FROM scores FINAL WHERE project = {project:String}${conditions("scores.name", "scores.time", "trace_id")}${isBefore("scores.time")} AND ${isAfter(key, 0)}
  ORDER BY trace_id, span_id, scores.name, scores.scorer, feedback_id LIMIT {rowsMax:UInt32}
  UNION ALL
  SELECT project, traceId, spanId, name, NULL AS value, label, explanation, scorer, time, feedbackId, feedbackRun, 1 AS isLabel FROM (
    SELECT project, trace_id AS traceId, span_id AS spanId, attributes['gen_ai.evaluation.name'] AS name,
      attributes['gen_ai.evaluation.score.label'] AS label, attributes['gen_ai.evaluation.explanation'] AS explanation, toString(service) AS scorer,
      ${TIME} AS time, logs.time AS givenAt, lower(attributes['langsmith.feedback.id']) AS feedbackId, lower(attributes['langsmith.feedback.run_id']) AS feedbackRun
    FROM logs WHERE ${LABELS} AND trace_id != ''${conditions("attributes['gen_ai.evaluation.name']", "logs.time", "trace_id")}
    ORDER BY traceId, spanId, name, ${GIVEN}, received_at DESC LIMIT 1 BY traceId, spanId, name, ${GIVEN}
  ) WHERE label != ''${isBefore("givenAt")} AND ${isAfter("traceId, spanId, name, scorer, feedbackId", 1)}
  ORDER BY traceId, spanId, name, scorer, feedbackId LIMIT {rowsMax:UInt32}
) ORDER BY traceId, spanId, name, scorer, feedbackId, isLabel LIMIT {rowsMax:UInt32}`;
  const params = {
    ...{ project, names, rowsMax },
    ...(since === undefined ? {} : { sinceMs: since.getTime() }),
    ...(before === undefined ? {} : { beforeMs: before.getTime() }),
    ...(after === null
      ? {}
      : {
          ...{ afterTrace: after.traceId, afterSpan: after.spanId, afterName: after.name, afterScorer: after.scorer },
          ...{ afterFeedback: after.feedbackId, afterIsLabel: after.isLabel ? 1 : 0 },
        }),
  };
  return { sql, params };
}

const Row = z
  .object({
    ...{ project: z.string(), traceId: z.string(), spanId: z.string(), name: z.string(), value: z.number().nullable(), label: z.string() },
    ...{ explanation: z.string(), scorer: z.string(), time: z.iso.datetime(), feedbackId: z.string(), feedbackRun: z.string() },
  })
  .transform((row) => scoreIn(row) as GivenScore);

/** Up to `rowsMax` of the scores that a query asks for, after a place: by trace, span, name and scorer. */
export function readScorePage(
  clickhouse: ClickHouseClient,
  query: ScoreQuery,
  after: ScorePlace | null,
  rowsMax: number,
  secondsMax?: number,
): Promise<GivenScore[]> {
  return readRows(clickhouse, scorePage(query, after, rowsMax), Row, secondsMax);
}

const PAGE_ROWS = 2_000;

/** How long a page of an export may take, in seconds: nobody waits at a screen. */
const PAGE_SECONDS_MAX = 600;

/** All of the scores that a query asks for, a page of them in memory at a time. */
export async function* streamScores(clickhouse: ClickHouseClient, query: ScoreQuery): AsyncGenerator<GivenScore> {
  for (let after: ScorePlace | null = null; ; ) {
    const page: GivenScore[] = await readScorePage(clickhouse, query, after, PAGE_ROWS, PAGE_SECONDS_MAX);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = placeOf(last);
  }
}
