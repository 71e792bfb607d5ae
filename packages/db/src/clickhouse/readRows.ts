import { type ClickHouseClient, ClickHouseError } from "@clickhouse/client";
import { AppError } from "@signalbox/model";
import type { z } from "zod";

/** A statement with its bound parameters. `isSmall`: it reads so little that threads would cost more than they gain. */
export type Statement = { sql: string; params: Record<string, unknown>; isSmall?: true };

const QUERY_MAX_SECONDS = 10;

/** Limits on every read. FINAL may skip merging across days, because a span's start, and with it its partition, never changes. */
const SETTINGS = {
  max_memory_usage: "4000000000",
  max_result_bytes: "256000000",
  do_not_merge_across_partitions_select_final: 1,
  // Rows are parsed only once all have arrived, so the engine need not stream them; and a late error still gets a status code.
  wait_end_of_query: 1,
  // Looking up an index during the read costs twice as much over many parts as doing it beforehand.
  use_skip_indexes_on_data_read: 0,
} as const;

/** ClickHouse's error codes for a query over its limits: too slow, timeout, memory, too many rows or bytes. */
const OVER_LIMIT_CODES = new Set(["159", "160", "241", "158", "307", "396"]);

/**
 * Runs a statement and parses its rows with `schema`. Throws an `AppError`: `overloaded` over a limit,
 * `upstream_unavailable` without an engine. Use a longer `secondsMax` only where nobody waits at a screen.
 */
export async function readRows<T>(
  clickhouse: ClickHouseClient,
  statement: Statement,
  schema: z.ZodType<T>,
  secondsMax = QUERY_MAX_SECONDS,
): Promise<T[]> {
  const rows = await answerOf(clickhouse, statement, secondsMax).catch((error: unknown) => {
    throw asAppError(error);
  });
  return rows.map((row) => schema.parse(row));
}

async function answerOf(clickhouse: ClickHouseClient, { sql, params, isSmall }: Statement, secondsMax: number): Promise<unknown[]> {
  const settings = { ...SETTINGS, max_execution_time: secondsMax, ...(isSmall === true ? { max_threads: 1 } : {}) };
  const result = await clickhouse.query({ query: sql, query_params: params, format: "JSONEachRow", clickhouse_settings: settings });
  return result.json();
}

/** Keeps the engine's own errors; without an answer of the engine (refused, cut off, too late) it is unavailable. */
function asAppError(error: unknown): unknown {
  if (!(error instanceof ClickHouseError))
    return new AppError("upstream_unavailable", "The telemetry store does not answer.", {
      cause: error,
      hint: "It restarts by itself; try again in a moment.",
    });
  if (!OVER_LIMIT_CODES.has(error.code)) return error;
  return new AppError("overloaded", `The search took more than ${QUERY_MAX_SECONDS} s or too much memory.`, {
    cause: error,
    hint: "Choose a shorter time range or add a filter.",
  });
}
