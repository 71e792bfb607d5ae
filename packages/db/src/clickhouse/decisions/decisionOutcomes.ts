import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows, type Statement } from "../readRows.ts";
import { listJudges } from "../scores/judgeScores.ts";

/** Selects decisions, and the score of their trace that gives their outcome. Times are milliseconds since 1970. */
export interface OutcomeQuestion {
  project: string;
  fromMs: number;
  toMs: number;
  score: string;
}

const IN_WINDOW = `project = {project:String} AND time >= fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC') AND time < fromUnixTimestamp64Milli({toMs:Int64}, 'UTC')`;

/** One row per decision with a confidence: a decision model's answer by its question, a decision of the runtime by its kind. */
const ANSWERS = `SELECT trace_id, time, service, point.1 AS name,
    if(kind = 'decided', if(JSONType(point.2, 'value') = 'String', JSONExtractString(point.2, 'value'), JSONExtractRaw(point.2, 'value')), chosen) AS choice,
    JSONExtract(point.2, 'confidence', 'Nullable(Float64)') AS confidence,
    JSONExtractKeys(point.2, 'probabilities') AS options
  FROM (
    SELECT trace_id, time, kind, chosen, JSONExtractString(record, 'actor', 'service') AS service,
      arrayJoin(if(kind = 'decided', JSONExtractKeysAndValuesRaw(record, 'detail', 'answers'), [(CAST(kind, 'String'), record)])) AS point
    FROM decisions FINAL WHERE ${IN_WINDOW}
  )
  WHERE confidence IS NOT NULL`;

/** The outcome of a trace: the final label where people disagreed, else the mean of its scores; a label where all agree on one. */
const OUTCOMES = `SELECT trace_id, 1 AS isKnown,
    if(countIf(scorer = 'adjudicated') > 0, anyIf(value, scorer = 'adjudicated'), avg(value)) AS value,
    if(countIf(scorer = 'adjudicated') > 0, anyIf(label, scorer = 'adjudicated'), if(uniqExact(label) = 1, any(label), '')) AS label
  FROM scores FINAL
  WHERE project = {project:String} AND name = {score:String} AND span_id = '' AND trace_id IN (SELECT trace_id FROM decisions WHERE ${IN_WINDOW})
  GROUP BY trace_id`;

/** A label that is one of the options names the right one; any other outcome says whether the decision itself was right. */
const IS_RIGHT = "if(has(options, label), label = choice, value >= 0.5)";

export function decisionPoints(question: OutcomeQuestion, pointsMax: number): Statement {
  const sql = `SELECT service, name, count() AS answers, countIf(isKnown = 1) AS known, avg(confidence) AS confidence,
  if(known = 0, NULL, countIf(isKnown = 1 AND ${IS_RIGHT}) / known) AS right
FROM (${ANSWERS}) AS answered
LEFT JOIN (${OUTCOMES}) AS outcome USING (trace_id)
GROUP BY service, name
ORDER BY known DESC, answers DESC, service, name
LIMIT {pointsMax:UInt32}`;
  return { sql, params: { ...question, pointsMax } };
}

export function decidedAnswers(question: OutcomeQuestion & { service: string; name: string }, answersMax: number): Statement {
  const sql = `SELECT toString(trace_id) AS unit, toUnixTimestamp64Milli(time) AS timeMs, confidence, ${IS_RIGHT} AS isRight
FROM (${ANSWERS} AND service = {service:String} AND name = {name:String}) AS answered
INNER JOIN (${OUTCOMES}) AS outcome USING (trace_id)
ORDER BY time DESC, unit
LIMIT {answersMax:UInt32}`;
  return { sql, params: { ...question, answersMax } };
}

export function outcomeNames({ project, fromMs, toMs }: Omit<OutcomeQuestion, "score">, namesMax: number): Statement {
  const sql = `SELECT name, uniqExact(trace_id) AS traces FROM scores FINAL
WHERE project = {project:String} AND span_id = '' AND trace_id IN (SELECT trace_id FROM decisions WHERE ${IN_WINDOW})
GROUP BY name ORDER BY traces DESC, name LIMIT {namesMax:UInt32}`;
  return { sql, params: { project, fromMs, toMs, namesMax } };
}

const Count = z.coerce.number();
const PointRow = z.object({
  ...{ service: z.string(), name: z.string(), answers: Count, known: Count },
  ...{ confidence: z.number(), right: z.number().nullable() },
});
const AnswerRow = z.object({
  unit: z.string(),
  timeMs: Count,
  confidence: z.number(),
  isRight: z.coerce.number().transform((is) => is === 1),
});
const NameRow = z.object({ name: z.string(), traces: Count });

/** Reads decisions together with the outcomes of their traces. */
export type OutcomeReader = ReturnType<typeof createOutcomeReader>;

export function createOutcomeReader(clickhouse: ClickHouseClient) {
  return {
    /**
     * The decision points of a window, those with the most known outcomes first: number of
     * answers, mean confidence, and the share of right ones among those with an outcome.
     */
    points: (question: OutcomeQuestion, pointsMax: number) => readRows(clickhouse, decisionPoints(question, pointsMax), PointRow),

    /** The latest answers of a decision point with a known outcome. */
    answers: (question: OutcomeQuestion & { service: string; name: string }, answersMax: number) =>
      readRows(clickhouse, decidedAnswers(question, answersMax), AnswerRow),

    /** The judges that scored traces of a project, by the name of their scores. */
    judges: (project: string, judgesMax: number) => listJudges(clickhouse, project, judgesMax),

    /** The names of the scores of traces with decisions. */
    names: (window: Omit<OutcomeQuestion, "score">, namesMax: number) => readRows(clickhouse, outcomeNames(window, namesMax), NameRow),
  };
}
