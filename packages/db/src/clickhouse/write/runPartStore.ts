import { type ClickHouseClient, ClickHouseError } from "@clickhouse/client";
import { AppError, errorMessage } from "@signalbox/model";
import { z } from "zod";
import { microsText } from "./microsText.ts";

/**
 * One operation's data about a LangSmith run. `runId` is 32 lower-case hex digits, `operation` is
 * post, patch or attachment, `fields` are the names of the fields it carries, `body` these fields
 * as JSON, `source` the route by which it arrived, `receivedAtUs` microseconds since 1970.
 */
export interface RunPart {
  project: string;
  runId: string;
  operation: string;
  fields: string;
  body: string;
  source: string;
  receivedAtUs: number;
}

/**
 * Stores the parts of runs. A part is identified by its run, operation and fields: the one received last
 * wins. Both methods throw an `AppError` where the store is unavailable; the same call may succeed later.
 */
export interface RunPartStore {
  /** Resolves when `parts` are durable. Repeating an insert with the same `token` changes nothing. */
  insert(parts: readonly RunPart[], token: string): Promise<void>;
  /** Every part of the given runs, including those of the last insert, in any order. */
  read(project: string, runIds: readonly string[]): Promise<RunPart[]>;
}

/** A larger answer is read in halves; a single run is read however large it is. */
const ANSWER_BYTES_MAX = 64_000_000;

/** ClickHouse's error codes for an answer over its limits: rows or bytes, memory. */
const TOO_LARGE_CODES = new Set(["158", "241", "307", "396"]);

const Row = z
  .object({
    run_id: z.string(),
    operation: z.string(),
    fields: z.string(),
    body: z.string(),
    source: z.string(),
    received_us: z.coerce.number(),
  })
  .transform(({ run_id, received_us, ...row }) => ({ ...row, runId: run_id, receivedAtUs: received_us }));

const RunId = z.string().regex(/^[0-9a-f]{32}$/);

export function createRunPartStore(clickhouse: ClickHouseClient): RunPartStore {
  async function readAtOnce(project: string, runIds: readonly string[]): Promise<RunPart[]> {
    // The ids are part of the statement, because parameters would go into the URL, which is short. They are validated hex digits.
    const list = runIds.map((runId) => `'${RunId.parse(runId)}'`).join(", ");
    const result = await clickhouse.query({
      query: `SELECT toString(run_id) AS run_id, operation, fields, body, source, toString(toUnixTimestamp64Micro(received_at)) AS received_us
FROM run_parts FINAL
WHERE project = {project:String} AND run_id IN (${list})`,
      query_params: { project },
      format: "JSONEachRow",
      clickhouse_settings: { select_sequential_consistency: "1", max_result_bytes: runIds.length > 1 ? String(ANSWER_BYTES_MAX) : "0" },
    });
    const rows = await result.json();
    return rows.map((row) => ({ project, ...Row.parse(row) }));
  }

  async function read(project: string, runIds: readonly string[]): Promise<RunPart[]> {
    if (runIds.length === 0) return [];
    try {
      return await readAtOnce(project, runIds);
    } catch (cause) {
      const isTooLarge = cause instanceof ClickHouseError && TOO_LARGE_CODES.has(cause.code);
      if (!isTooLarge || runIds.length === 1) throw notWell(cause, "read");
      const middle = Math.ceil(runIds.length / 2);
      return [...(await read(project, runIds.slice(0, middle))), ...(await read(project, runIds.slice(middle)))];
    }
  }

  return {
    read,
    async insert(parts, token) {
      const values = parts.map(({ runId, receivedAtUs, ...part }) => ({ ...part, run_id: runId, received_at: microsText(receivedAtUs) }));
      await clickhouse
        .insert({
          table: "run_parts",
          values,
          format: "JSONEachRow",
          clickhouse_settings: { ...SETTINGS, insert_deduplication_token: token },
        })
        .catch((cause: unknown) => {
          throw notWell(cause, "kept");
        });
    },
  };
}

/** Answered when stored; one block, so that the token covers all of it; a row may be long. */
const SETTINGS = { wait_end_of_query: 1, insert_deduplicate: 1, input_format_parallel_parsing: 0, insert_quorum: "auto" } as const;

function notWell(cause: unknown, done: "read" | "kept"): AppError {
  const why = errorMessage(cause);
  return new AppError("upstream_unavailable", `The parts of runs could not be ${done}: ${why}`, { cause });
}
