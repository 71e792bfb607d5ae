import type { ClickHouseClient } from "@clickhouse/client";
import { AppError, type Score } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";
import { linesOf, scoreRow } from "../write/telemetryRows.ts";
import { insertTelemetry } from "../write/telemetryWriter.ts";

/**
 * Stores scores; a score with the same trace, span, name and scorer (and id, where it is feedback)
 * replaces an earlier one. `token` identifies the insert: repeating it changes nothing.
 */
export async function insertScores(clickhouse: ClickHouseClient, scores: readonly Score[], token: string): Promise<void> {
  const body = linesOf(scores.map((score) => scoreRow(score)));
  const outcome = await insertTelemetry(clickhouse, { table: "scores", body, token });
  if (outcome.kind !== "stored") throw new AppError("upstream_unavailable", `The scores could not be stored: ${outcome.reason}`);
}

/** Deletes a score; no query returns it once this resolves. */
export async function deleteScore(
  clickhouse: ClickHouseClient,
  { project, traceId, spanId, name, scorer }: Pick<Score, "project" | "traceId" | "spanId" | "name" | "scorer">,
): Promise<void> {
  await clickhouse.command({
    query: `DELETE FROM scores WHERE project = {project:String} AND trace_id = {traceId:String} AND span_id = {spanId:String}
      AND name = {name:String} AND scorer = {scorer:String}`,
    query_params: { project, traceId, spanId: spanId ?? "", name, scorer },
    clickhouse_settings: { lightweight_deletes_sync: "2" },
  });
}

const Counts = z.object({ passed: z.coerce.number(), total: z.coerce.number() });

/**
 * The number of traces with a score of this name by this scorer since `since`
 * (ISO 8601, UTC), and how many of them passed: a value of at least 1.
 */
export async function countPasses(
  clickhouse: ClickHouseClient,
  { project, name, since }: { project: string; name: string; since: string },
): Promise<{ passed: number; total: number }> {
  const sql = `SELECT countIf(value >= 1) AS passed, count() AS total FROM scores FINAL
WHERE project = {project:String} AND name = {name:String} AND span_id = '' AND time >= parseDateTime64BestEffort({since:String}, 3, 'UTC')`;
  const [counts] = await readRows(clickhouse, { sql, params: { project, name, since } }, Counts);
  return counts ?? { passed: 0, total: 0 };
}
