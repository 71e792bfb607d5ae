import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { readRows } from "../readRows.ts";

/** Feedback on an experiment as a whole, by a summary evaluator or a person: a number, a label or both. */
export interface SessionFeedback {
  readonly name: string;
  readonly value: number | null;
  readonly label: string;
  readonly explanation: string;
}

const NAMES_MAX = 50;

/** It belongs to no trace, so it is kept as a log record; the last of each name counts. */
const FEEDBACK = `SELECT attributes['gen_ai.evaluation.name'] AS name,
  argMax(toFloat64OrNull(attributes['gen_ai.evaluation.score.value']), received_at) AS value,
  argMax(attributes['gen_ai.evaluation.score.label'], received_at) AS label,
  argMax(attributes['gen_ai.evaluation.explanation'], received_at) AS explanation
FROM logs
WHERE project = {project:String} AND time >= fromUnixTimestamp64Milli({fromMs:Int64}) AND event_name = 'gen_ai.evaluation.result'
  AND attributes['langsmith.feedback.session_id'] = {session:String} AND attributes['langsmith.feedback.run_id'] = ''
GROUP BY name HAVING name != '' ORDER BY name LIMIT ${NAMES_MAX}`;

const Row = z.object({ name: z.string(), value: z.number().nullable(), label: z.string(), explanation: z.string() });

/** The feedback on a session of LangSmith's clients that is not about one of its runs, by name. */
export function readSessionFeedback(
  clickhouse: ClickHouseClient,
  { project, session, from }: { project: string; session: string; from: Date },
): Promise<SessionFeedback[]> {
  return readRows(clickhouse, { sql: FEEDBACK, params: { project, session, fromMs: from.getTime() }, isSmall: true }, Row);
}
