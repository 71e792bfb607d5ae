import { Readable } from "node:stream";
import { type ClickHouseClient, ClickHouseError } from "@clickhouse/client";
import { errorMessage } from "@signalbox/model";
import type { Handover } from "./handover.ts";
import { LEDGER_COLUMNS } from "./ledgerRows.ts";
import { columnsOf, type TelemetryTable } from "./telemetryRows.ts";

/**
 * The outcome of an insert. `stored`: durable (the tables are created with fsync). `refused`: the
 * store can never take these rows as they are. `too_large`: it lacks the memory for so many at
 * once. `unavailable`: the store is down or not as expected; the same insert may succeed later.
 */
export type InsertOutcome = { kind: "stored" } | { kind: "refused" | "too_large" | "unavailable"; reason: string };

/**
 * Rows for one table: a block for `spans` (`SpanBlock`), `ledgerBody` for
 * `ledger`, for any other lines of JSON in the order of `columnsOf(table)`.
 */
export interface TelemetryInsert {
  table: TelemetryTable;
  body: readonly Buffer[];
  token: string;
}

/**
 * Inserts the rows of `body`, all or none, in one block. An insert whose `token` the table has seen lately
 * succeeds without a change. Never throws. A large body goes through the `handover`, where there is one.
 */
export async function insertTelemetry(
  clickhouse: ClickHouseClient,
  { table, body, token }: TelemetryInsert,
  handover?: Handover,
): Promise<InsertOutcome> {
  const { into, format } = insertOf(table);
  const clickhouse_settings = { ...SETTINGS, insert_deduplication_token: token };
  try {
    if (handover !== undefined && bytesOf(body) >= HANDED_OVER_BYTES_MIN) {
      await using file = await handover.keep(body);
      await clickhouse.command({ query: `${into} FROM INFILE '${file.name}' FORMAT ${format}`, clickhouse_settings });
      return { kind: "stored" };
    }
    const values = Readable.from(body, { objectMode: false });
    const { stream } = await clickhouse.exec({ query: `${into} FORMAT ${format}`, values, clickhouse_settings });
    for await (const _ of stream);
    return { kind: "stored" };
  } catch (error) {
    return outcomeOf(error);
  }
}

/** Smaller bodies cost no more through a socket. */
const HANDED_OVER_BYTES_MIN = 64 * 1024;

const bytesOf = (body: readonly Buffer[]): number => body.reduce((bytes, { length }) => bytes + length, 0);

function insertOf(table: TelemetryTable): { into: string; format: string } {
  if (table === "spans") return { into: "INSERT INTO spans", format: "Native" };
  if (table === "ledger") return { into: `INSERT INTO ledger (${LEDGER_COLUMNS.join(", ")})`, format: "RowBinary" };
  return { into: `INSERT INTO ${table} (${columnsOf(table).join(", ")})`, format: "JSONCompactEachRow" };
}

/** Answered when stored, not when queued; one block, so that the token covers all of it; a row may be long. */
const SETTINGS = {
  async_insert: 0,
  wait_end_of_query: 1,
  insert_deduplicate: 1,
  // After a kill between a table's part and those of its views, the insert
  // is repeated: the table recognises the block, and the views still get it.
  deduplicate_blocks_in_dependent_materialized_views: 1,
  input_format_parallel_parsing: 0,
  insert_quorum: "auto",
  // Duplicates within a block go when parts are merged, and no reader sees
  // them before: removing them during the insert costs a quarter of it.
  optimize_on_insert: 0,
} as const;

function outcomeOf(error: unknown): InsertOutcome {
  const reason = errorMessage(error);
  if (!(error instanceof ClickHouseError)) return { kind: "unavailable", reason };
  if (REFUSALS.has(error.code)) return { kind: "refused", reason };
  return { kind: error.code === MEMORY_LIMIT_EXCEEDED ? "too_large" : "unavailable", reason };
}

const MEMORY_LIMIT_EXCEEDED = "241";

/**
 * ClickHouse's error codes for rows that do not fit their columns: unparsable (6, 26, 27, 38, 41, 72, 117, 130), of a wrong
 * type (43, 53, 70, 349), or out of range (69, 128, 131, 321, 407). Every other code is about the store, not about the rows.
 */
const REFUSALS = new Set(["6", "26", "27", "38", "41", "43", "53", "69", "70", "72", "117", "128", "130", "131", "321", "349", "407"]);
