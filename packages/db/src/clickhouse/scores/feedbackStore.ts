import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { recordDeletion } from "../lifetime/deletions.ts";
import { readRows, type Statement } from "../readRows.ts";
import { TIME } from "./scoreReader.ts";

/**
 * Feedback of LangSmith's clients: a score, or where `score` is null a label alone. `id` is its UUID and `runId` that of its run, empty for
 * what is of a session; `traceId` is 32 hex digits. `scorer` is where it came from, and the user there. Times are ISO 8601, UTC.
 */
export interface Feedback {
  readonly id: string;
  readonly runId: string;
  readonly traceId: string;
  readonly sessionId: string;
  readonly key: string;
  readonly score: number | null;
  readonly value: string;
  readonly comment: string;
  readonly scorer: string;
  readonly time: string;
  readonly receivedUs: string;
}

/** Which feedback to read; a list that is empty is no condition. `sources` are the first words of scorers. */
export interface FeedbackQuery {
  readonly project: string;
  readonly ids: readonly string[];
  readonly runIds: readonly string[];
  readonly keys: readonly string[];
  readonly sources: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

/** Reads and deletes feedback. */
export interface FeedbackStore {
  /** The latest version of each, the newest first. */
  list(query: FeedbackQuery): Promise<Feedback[]>;
  /** Deletes the versions of one that were received by then: nobody finds them when this returns. */
  remove(project: string, feedback: Pick<Feedback, "id" | "receivedUs">): Promise<void>;
  /**
   * Deletes the part of a run in which feedback came that told no trace: every later part of the run tells it anew. What else came in
   * that part was told with it, and stays. Returns whether there was one.
   */
  forgetPart(project: string, feedback: Pick<Feedback, "id" | "runId">): Promise<boolean>;
}

const ID = "attributes['langsmith.feedback.id']";
const RUN = "attributes['langsmith.feedback.run_id']";

const IS_LOG = `project = {project:String} AND event_name = 'gen_ai.evaluation.result' AND ${ID} != ''`;
const IS_SCORE = "project = {project:String} AND feedback_id != ''";
const BY_THEN = "received_at <= fromUnixTimestamp64Micro({receivedUs:Int64}, 'UTC')";

/** Scores have a number; what has none is a log record. */
const VERSIONS_OF = {
  scores: `${IS_SCORE} AND feedback_id = {id:String} AND ${BY_THEN}`,
  logs: `${IS_LOG} AND lower(${ID}) = {id:String} AND ${BY_THEN}`,
} as const;

/** The collector keeps it as a field that is named after it. */
const PART_OF = `project = {project:String} AND run_id = {run:String} AND operation = 'feedback'
  AND has(splitByChar(',', lower(fields)), 'feedback.' || {id:String})`;

const VERSIONS = (scores: string, logs: string): string => `
  SELECT feedback_id AS id, feedback_run AS runId, toString(trace_id) AS traceId, '' AS sessionId, name AS key, toNullable(value) AS score,
    label AS said, explanation AS comment, scorer, ${TIME} AS time, received_at
  FROM scores FINAL WHERE ${IS_SCORE}${scores}
  UNION ALL
  SELECT lower(${ID}) AS id, lower(${RUN}) AS runId, trace_id AS traceId, attributes['langsmith.feedback.session_id'] AS sessionId,
    attributes['gen_ai.evaluation.name'] AS key, toFloat64OrNull(attributes['gen_ai.evaluation.score.value']) AS score,
    attributes['gen_ai.evaluation.score.label'] AS said, attributes['gen_ai.evaluation.explanation'] AS comment, service AS scorer,
    ${TIME} AS time, received_at
  FROM logs WHERE ${IS_LOG}${logs}`;

const Row = z.object({
  ...{ id: z.string(), runId: z.string(), traceId: z.string(), sessionId: z.string(), key: z.string(), score: z.number().nullable() },
  ...{ value: z.string(), comment: z.string(), scorer: z.string(), time: z.iso.datetime(), receivedUs: z.string() },
});

function sqlOf({ ids, runIds, keys, sources }: FeedbackQuery): string {
  const both = (name: string, score: string, log: string) =>
    [` AND ${score} IN {${name}:Array(String)}`, ` AND ${log} IN {${name}:Array(String)}`] as const;
  const conditions = [
    ...(ids.length === 0 ? [] : [both("ids", "feedback_id", `lower(${ID})`)]),
    ...(runIds.length === 0 ? [] : [both("runIds", "feedback_run", `lower(${RUN})`)]),
    ...(keys.length === 0 ? [] : [both("keys", "name", "attributes['gen_ai.evaluation.name']")]),
    ...(sources.length === 0 ? [] : [both("sources", "splitByChar(' ', scorer)[1]", "splitByChar(' ', service)[1]")]),
  ];
  const versions = VERSIONS(conditions.map(([score]) => score).join(""), conditions.map(([, log]) => log).join(""));
  return `SELECT id, runId, traceId, sessionId, key, score, said AS value, comment, scorer, time, toString(toUnixTimestamp64Micro(received_at)) AS receivedUs
FROM (SELECT * FROM (${versions}) ORDER BY id, received_at DESC LIMIT 1 BY id)
ORDER BY time DESC, id LIMIT {limit:UInt32} OFFSET {offset:UInt32}`;
}

/** Feedback in one ClickHouse. */
export function createFeedbackStore(clickhouse: ClickHouseClient): FeedbackStore {
  /** Deletes rows, which the ledger is told of; returns how many a reader found. */
  async function drop(table: "scores" | "logs" | "run_parts", { sql, params }: Statement): Promise<number> {
    const { rows } = await recordDeletion(clickhouse, { table, sql, params, reason: "feedback" });
    const settings = { lightweight_deletes_sync: "2" } as const;
    if (rows > 0)
      await clickhouse.command({ query: `DELETE FROM ${table} WHERE ${sql}`, query_params: params, clickhouse_settings: settings });
    return rows;
  }

  return {
    list: (query) => readRows(clickhouse, { sql: sqlOf(query), params: { ...query } }, Row),
    async remove(project, { id, receivedUs }) {
      for (const table of ["scores", "logs"] as const) await drop(table, { sql: VERSIONS_OF[table], params: { project, id, receivedUs } });
    },
    async forgetPart(project, { id, runId }) {
      if (runId === "") return false;
      return (await drop("run_parts", { sql: PART_OF, params: { project, id, run: runId.replaceAll("-", "") } })) > 0;
    },
  };
}
