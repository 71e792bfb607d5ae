import type { ClickHouseClient } from "@clickhouse/client";
import type { Score } from "@signalbox/model";
import { z } from "zod";
import { boundIds, hexOf, isRoot } from "../ids.ts";
import { readRows } from "../readRows.ts";
import { traceTotals } from "../traces/traceTotals.ts";
import { createScoreReader, namedByRoot } from "./scoreReader.ts";

/** An experiment of LangSmith's clients: the session that its runs are sent to, by name or id, and the time range in which they begin. */
export interface ExperimentScope {
  project: string;
  session: string;
  name: string;
  from: Date;
  to: Date;
}

/**
 * A root run of an experiment. `runId` is the run's UUID without dashes; `mark` changes whenever the run's trace or its
 * scores do; `scorers` are the names of its scores; `activeAt` is the time of the latest change, in milliseconds since 1970.
 */
export interface ExperimentRun {
  traceId: string;
  spanId: string;
  runId: string;
  exampleId: string;
  isFailed: boolean;
  mark: string;
  scorers: string[];
  activeAt: number;
}

/** The outcome of a run. `output` is JSON, empty for none; `costUsd` and `tokens` are null where no span of its trace has any. */
export interface ExperimentAnswer {
  input: string;
  output: string;
  error: string;
  latencyMs: number;
  costUsd: number | null;
  tokens: number | null;
  scores: Score[];
}

const EXAMPLE = "attributes['langsmith.reference_example_id']";

const ms = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64})`;

const WHILE_IT_RAN = `project = {project:String} AND start_time >= ${ms("fromMs")} AND start_time < ${ms("toMs")}`;

const ROOTS = `${WHILE_IT_RAN} AND ${isRoot()} AND ${EXAMPLE} != ''
AND (service = {name:String} OR attributes['langsmith.trace.session_id'] = {session:String})`;

const RUNS = `SELECT ${hexOf("trace_id")} AS traceId, ${hexOf("span_id")} AS spanId, replaceAll(lower(attributes['langsmith.span.id']), '-', '') AS runId,
  lower(${EXAMPLE}) AS exampleId, status = 'error' AS isFailed
FROM spans FINAL WHERE ${ROOTS}
ORDER BY exampleId, start_time, spanId`;

const TRACES = `SELECT ${hexOf("trace_id")} AS traceId, toString(uniqExact(span_id)) || ' ' || toString(max(received_at)) AS mark,
  toUnixTimestamp64Milli(max(toDateTime64(received_at, 3, 'UTC'))) AS activeAt
FROM spans WHERE ${WHILE_IT_RAN} AND trace_id IN (SELECT trace_id FROM spans WHERE ${ROOTS}) GROUP BY trace_id`;

/** The scores of a run or of its whole trace, not those of the calls inside it. */
const SCORES = `SELECT toString(trace_id) AS traceId, toString(groupBitXor(cityHash64(span_id, name, scorer, feedback_id, value, explanation))) AS mark,
  groupUniqArray(name) AS scorers, toUnixTimestamp64Milli(max(time)) AS activeAt
FROM scores FINAL
WHERE project = {project:String}
  AND (toString(trace_id) IN (SELECT ${hexOf("trace_id")} FROM spans WHERE ${ROOTS}) OR toString(trace_id) IN (${namedByRoot(ROOTS)}))
  AND (span_id = '' OR span_id IN (SELECT ${hexOf("span_id")} FROM spans WHERE ${ROOTS}))
GROUP BY trace_id`;

const Run = z.object({
  traceId: z.string(),
  spanId: z.string(),
  runId: z.string(),
  exampleId: z.string(),
  isFailed: z.coerce.boolean(),
});
const Trace = z.object({ traceId: z.string(), mark: z.string(), activeAt: z.coerce.number() });
const ScoresOfTrace = Trace.extend({ scorers: z.array(z.string()) });

const ANSWERS = `SELECT ${hexOf("trace_id")} AS traceId, status_message AS error,
  (toUnixTimestamp64Micro(end_time) - toUnixTimestamp64Micro(start_time)) / 1000 AS latencyMs,
  multiIf(attributes['langsmith.input'] != '', attributes['langsmith.input'], input_messages != '', input_messages, tool_arguments) AS input,
  multiIf(attributes['langsmith.output'] != '', attributes['langsmith.output'], output_messages != '', output_messages, tool_result) AS output
FROM spans FINAL WHERE ${ROOTS} AND trace_id IN ${boundIds("traceIds")}`;

const Answer = z.object({
  traceId: z.string(),
  error: z.string(),
  latencyMs: z.coerce.number(),
  input: z.string(),
  output: z.string(),
});

/**
 * The client's own input and output, for as long as they are kept: the span has them in the vocabulary
 * of all dialects. The last of several patches wins over the others, and a patch over the post.
 */
const BODIES = `SELECT toString(run_id) AS runId, JSONExtractRaw(body, 'inputs') AS input, JSONExtractRaw(body, 'outputs') AS output
FROM run_parts FINAL
WHERE project = {project:String} AND toString(run_id) IN {runIds:Array(String)}
ORDER BY operation != 'post', received_at, fields`;

const Body = z.object({ runId: z.string(), input: z.string(), output: z.string() });

const Totals = z.object({
  traceId: z.string(),
  costUsd: z.coerce.number(),
  inputTokens: z.coerce.number(),
  outputTokens: z.coerce.number(),
});

const SCORES_OF_RUN_MAX = 200;

/** The alternative id under which scores may refer to a trace. */
const byRoot = ({ spanId }: ExperimentRun): string => `${"0".repeat(16)}${spanId}`;

/** Reads experiments from one ClickHouse. */
export function createExperimentReader(clickhouse: ClickHouseClient) {
  const scores = createScoreReader(clickhouse);
  const paramsOf = ({ from, to, ...scope }: ExperimentScope) => ({ ...scope, fromMs: from.getTime(), toMs: to.getTime() });

  return {
    /** Every root run that names an example, ordered by example, then by start. */
    async runs(scope: ExperimentScope): Promise<ExperimentRun[]> {
      const params = paramsOf(scope);
      const runs = await readRows(clickhouse, { sql: RUNS, params }, Run);
      if (runs.length === 0) return [];
      const traces = new Map((await readRows(clickhouse, { sql: TRACES, params }, Trace)).map((trace) => [trace.traceId, trace]));
      const scored = new Map((await readRows(clickhouse, { sql: SCORES, params }, ScoresOfTrace)).map((some) => [some.traceId, some]));
      return runs.map((run) => {
        const named = { ...run, mark: "", scorers: [], activeAt: 0 };
        const all = [scored.get(run.traceId), scored.get(byRoot(named))].flatMap((some) => some ?? []);
        const trace = traces.get(run.traceId);
        return {
          ...run,
          mark: [trace?.mark, ...all.map(({ mark }) => mark)].join(" "),
          scorers: [...new Set(all.flatMap((some) => some.scorers))],
          activeAt: Math.max(trace?.activeAt ?? 0, ...all.map(({ activeAt }) => activeAt)),
        };
      });
    },

    /** The outcomes of the given runs, by trace; a run that was deleted meanwhile has none. */
    async answers(scope: ExperimentScope, runs: readonly ExperimentRun[]): Promise<Map<string, ExperimentAnswer>> {
      const traceIds = runs.map(({ traceId }) => traceId);
      const params = { ...paramsOf(scope), traceIds };
      const answers = await readRows(clickhouse, { sql: ANSWERS, params }, Answer);
      const runIds = runs.flatMap(({ runId }) => (runId === "" ? [] : [runId]));
      const bodies = await readRows(clickhouse, { sql: BODIES, params: { project: scope.project, runIds } }, Body);
      const window = { from: `${scope.from.getTime()}000000`, to: `${scope.to.getTime()}000000` };
      const totals = await readRows(clickhouse, traceTotals(scope.project, window, traceIds), Totals);
      const given = await scores.byTraces(scope.project, [...traceIds, ...runs.map(byRoot)], SCORES_OF_RUN_MAX * runs.length);
      const last = (runId: string, side: "input" | "output"): string | undefined =>
        bodies.findLast((body) => body.runId === runId && body[side] !== "" && body[side] !== "null")?.[side];
      return new Map(
        runs.flatMap((run): [string, ExperimentAnswer][] => {
          const answer = answers.find(({ traceId }) => traceId === run.traceId);
          if (answer === undefined) return [];
          const total = totals.find(({ traceId }) => traceId === run.traceId);
          const tokens = (total?.inputTokens ?? 0) + (total?.outputTokens ?? 0);
          const { traceId: _, ...told } = answer;
          return [
            [
              run.traceId,
              {
                ...told,
                input: last(run.runId, "input") ?? told.input,
                output: last(run.runId, "output") ?? told.output,
                costUsd: total === undefined || total.costUsd === 0 ? null : total.costUsd,
                tokens: tokens === 0 ? null : tokens,
                scores: given.filter(
                  ({ traceId, spanId }) =>
                    (traceId === run.traceId || traceId === byRoot(run)) && (spanId === null || spanId === run.spanId),
                ),
              },
            ],
          ];
        }),
      );
    },
  };
}
