import type { ClickHouseClient } from "@clickhouse/client";
import type { Score } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import { scoreIn, TIME } from "./scoreReader.ts";

/** A label on a trace or a span: feedback without a number, which cannot be averaged. */
export type LabelScore = Omit<Score, "value"> & { readonly value: null };

/** How often something was said of the runs of an experiment under one name. */
export interface LabelCount {
  readonly name: string;
  readonly label: string;
  readonly runs: number;
}

/** Such an evaluation is no score, and is kept as a log record (normaliseLogRecord.ts of the collector). */
export const LABELS = `project = {project:String} AND event_name = 'gen_ai.evaluation.result' AND attributes['gen_ai.evaluation.name'] != ''
  AND toFloat64OrNull(attributes['gen_ai.evaluation.score.value']) IS NULL`;

/** Feedback is known by its id, another label by its giver and name. */
export const GIVEN = "if(attributes['langsmith.feedback.id'] = '', service, lower(attributes['langsmith.feedback.id']))";

/** The last version of each counts; one that was cleared has no label. */
const OF_TRACE = `SELECT * FROM (
  SELECT project, trace_id AS traceId, span_id AS spanId, attributes['gen_ai.evaluation.name'] AS name,
    attributes['gen_ai.evaluation.score.label'] AS label, attributes['gen_ai.evaluation.explanation'] AS explanation, service AS scorer, ${TIME} AS time,
    lower(attributes['langsmith.feedback.id']) AS feedbackId, lower(attributes['langsmith.feedback.run_id']) AS feedbackRun, ${GIVEN} AS given
  FROM logs WHERE ${LABELS} AND trace_id = {traceId:String}
  ORDER BY spanId, name, given, received_at DESC LIMIT 1 BY spanId, name, given
) WHERE label != '' ORDER BY spanId, name, scorer, time, given LIMIT {labelsMax:UInt32}`;

const OF_SESSION = `SELECT name, label, uniqExact(run) AS runs FROM (
  SELECT attributes['gen_ai.evaluation.name'] AS name, attributes['langsmith.feedback.run_id'] AS run, ${GIVEN} AS given,
    argMax(attributes['gen_ai.evaluation.score.label'], received_at) AS label
  FROM logs WHERE ${LABELS} AND time >= fromUnixTimestamp64Milli({fromMs:Int64}) AND attributes['langsmith.feedback.session_id'] = {session:String}
  GROUP BY name, run, given HAVING run != '' AND label != ''
) GROUP BY name, label ORDER BY name, runs DESC, label LIMIT {labelsMax:UInt32}`;

const Row = z
  .object({
    ...{ project: z.string(), traceId: z.string(), spanId: z.string(), name: z.string(), label: z.string() },
    ...{ explanation: z.string(), scorer: z.string(), time: z.iso.datetime(), feedbackId: z.string(), feedbackRun: z.string() },
  })
  .transform((row): LabelScore => ({ ...scoreIn(row), value: null }));

const Count = z.object({ name: z.string(), label: z.string(), runs: z.coerce.number() });

/** At most `labelsMax` labels of a trace and of its spans, the trace's own first. */
export function readTraceLabels(clickhouse: ClickHouseClient, project: string, traceId: string, labelsMax: number): Promise<LabelScore[]> {
  return readRows(clickhouse, { sql: OF_TRACE, params: { project, traceId, labelsMax }, isSmall: true }, Row);
}

/** The labels of an experiment's runs since `from`, by name, the most frequent first. */
export function readSessionLabels(
  clickhouse: ClickHouseClient,
  { project, session, from }: { project: string; session: string; from: Date },
  labelsMax: number,
): Promise<LabelCount[]> {
  return readRows(clickhouse, { sql: OF_SESSION, params: { project, session, fromMs: from.getTime(), labelsMax } }, Count);
}
