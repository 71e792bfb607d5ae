import type { ClickHouseClient } from "@clickhouse/client";
import { JUDGE_PREFIX } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";

/** Labels that tell whether a score passed. */
const PASSED = new Map([
  ["pass", true],
  ["fail", false],
]);

const ScoreRow = z
  .object({
    traceId: z.string(),
    spanId: z.string().transform((id) => (id === "" ? null : id)),
    judge: z.string(),
    value: z.number(),
    label: z.string(),
  })
  .transform(({ label, ...row }) => ({ ...row, passed: PASSED.get(label) ?? null }));
const JudgeRow = z.object({ scoreName: z.string(), judge: z.string(), traces: z.coerce.number() });

/** The judges' scores under a name, at most `scoresMax`; limited to one `judge` where it is given. */
export function readJudgeScores(
  clickhouse: ClickHouseClient,
  { project, name, judge = "" }: { project: string; name: string; judge?: string | undefined },
  scoresMax: number,
) {
  const sql = `SELECT toString(trace_id) AS traceId, span_id AS spanId, scorer AS judge, value, label FROM scores FINAL
WHERE project = {project:String} AND name = {name:String} AND startsWith(scorer, {prefix:String}) AND ({judge:String} = '' OR scorer = {judge:String})
ORDER BY trace_id, span_id LIMIT {scoresMax:UInt32}`;
  return readRows(clickhouse, { sql, params: { project, name, judge, prefix: JUDGE_PREFIX, scoresMax } }, ScoreRow);
}

/** The judges that scored traces of a project, by the name of their scores. */
export function listJudges(clickhouse: ClickHouseClient, project: string, judgesMax: number) {
  const sql = `SELECT name AS scoreName, scorer AS judge, uniqExact(trace_id) AS traces FROM scores FINAL
WHERE project = {project:String} AND startsWith(scorer, {prefix:String})
GROUP BY scoreName, judge ORDER BY scoreName, judge LIMIT {judgesMax:UInt32}`;
  return readRows(clickhouse, { sql, params: { project, prefix: JUDGE_PREFIX, judgesMax } }, JudgeRow);
}
