import type { ClickHouseClient } from "@clickhouse/client";
import { type Accounts, AppError, type CollectorBacklog, Fate, IngestSource } from "@signalbox/model";
import { z } from "zod";
import { FINGERPRINTS } from "../fingerprint.ts";
import { readRows, type Statement } from "../readRows.ts";

/** A time range in seconds since 1970, end exclusive, and the width of its buckets. */
export interface LedgerWindow {
  from: number;
  to: number;
  stepSeconds: number;
}

const Count = z.coerce.number();
const Rows = z.object({ project: z.string(), source: IngestSource, time: Count, rows: Count });
const Fates = z.object({ project: z.string(), source: IngestSource, time: Count, fate: Fate, reason: z.string(), records: Count });
const Rejected = z.object({ source: z.string(), reason: z.string(), beginning: z.string(), recordChars: Count, receivedAtMs: Count });

/** The beginning and the length of a record that could not become a row. `receivedAtMs` is milliseconds since 1970. */
export type RejectedExample = z.infer<typeof Rejected>;

export type LedgerReader = ReturnType<typeof createLedgerReader>;

/** The tables that hold records as rows. The span that a run is assembled into counts as a record, and so do the run's parts. */
const TABLES = Object.keys(FINGERPRINTS) as (keyof typeof FINGERPRINTS)[];

const OF_PROJECT = "({project:String} = '' OR project = {project:String})";
const step = (column: string): string => `toUnixTimestamp(toStartOfInterval(${column}, toIntervalSecond({stepSeconds:UInt32})))`;
const isWithin = (column: string): string => `${column} >= toDateTime({from:UInt32}, 'UTC') AND ${column} < toDateTime({to:UInt32}, 'UTC')`;

/** Counts the fates of records, in the ledger and in the tables themselves. An empty `project` stands for all of them. */
export function createLedgerReader(clickhouse: ClickHouseClient) {
  const paramsOf = (project: string, window: LedgerWindow): Statement["params"] => ({ project, ...window });

  const reader = {
    /** The collector's own counts of the records received in the window. */
    fates(project: string, window: LedgerWindow): Promise<z.infer<typeof Fates>[]> {
      const sql = `SELECT project, source, ${step("minute")} AS time, fate, reason, sum(records) AS records
FROM ledger WHERE ${OF_PROJECT} AND ${isWithin("minute")}
GROUP BY project, source, time, fate, reason`;
      return readRows(clickhouse, { sql, params: paramsOf(project, window) }, Fates);
    },

    /** Rows that a reader finds, by the time they were received: for a row that was sent again, the last time. */
    readable(project: string, window: LedgerWindow): Promise<z.infer<typeof Rows>[]> {
      const ofTable = (table: string): string => `SELECT project, source, ${step("received_at")} AS time, count() AS found
FROM ${table} FINAL WHERE ${OF_PROJECT} AND source != '' AND ${isWithin("received_at")} GROUP BY project, source, time`;
      const sql = `SELECT project, source, time, sum(found) AS rows FROM (${TABLES.map(ofTable).join(" UNION ALL ")}) GROUP BY project, source, time`;
      return readRows(clickhouse, { sql, params: paramsOf(project, window) }, Rows);
    },

    /**
     * Rows that the ledger recorded as stored in the window and that are nowhere: neither unchanged nor as
     * a later version. They are identified by 32-bit fingerprints, so two rows in 2^32 hide each other.
     */
    missing(project: string, window: LedgerWindow): Promise<z.infer<typeof Rows>[]> {
      const ofTable = (table: (typeof TABLES)[number]): string =>
        `SELECT project, ${FINGERPRINTS[table]} AS fingerprint FROM ${table} WHERE ${OF_PROJECT} AND ${SURVIVORS[table] ?? IS_LATER}`;
      const sql = `SELECT stored.project AS project, source, time, bitmapAndnotCardinality(bitmapAndnot(kept, there), gone) AS rows
FROM (
  SELECT project, source, ${step("minute")} AS time, groupBitmapMergeState(fingerprints) AS kept
  FROM ledger WHERE ${OF_PROJECT} AND ${isWithin("minute")} AND fate = 'stored' GROUP BY project, source, time
) AS stored
LEFT JOIN (
  SELECT project, groupBitmapState(fingerprint) AS there FROM (${TABLES.map(ofTable).join(" UNION ALL ")}) GROUP BY project
) AS found ON stored.project = found.project
LEFT JOIN (
  SELECT project, groupBitmapMergeState(fingerprints) AS gone FROM ledger WHERE ${OF_PROJECT} AND fate = 'deleted' GROUP BY project
) AS deleted ON stored.project = deleted.project`;
      return readRows(clickhouse, { sql, params: paramsOf(project, window) }, Rows);
    },

    /** The latest records that could not become rows; long ones are cut. */
    rejected(
      project: string,
      { from, to, source, rowsMax, charsMax }: { from: number; to: number; source: IngestSource | null; rowsMax: number; charsMax: number },
    ): Promise<RejectedExample[]> {
      const sql = `SELECT source, reason, substringUTF8(record, 1, {charsMax:UInt32}) AS beginning, lengthUTF8(record) AS recordChars,
  toUnixTimestamp64Milli(received_at) AS receivedAtMs
FROM rejected FINAL
WHERE project = {project:String} AND ${isWithin("received_at")} AND ({source:String} = '' OR source = {source:String})
ORDER BY received_at DESC
LIMIT {rowsMax:UInt32}`;
      return readRows(clickhouse, { sql, params: { project, from, to, source: source ?? "", rowsMax, charsMax } }, Rejected);
    },

    /**
     * The input of `reconcile`. `backlog` must be from before this call:
     * everything readable by then is in the ledger too, which is read last.
     */
    async accounts(project: string, window: LedgerWindow, backlog: CollectorBacklog): Promise<Accounts> {
      const readable = await reader.readable(project, window).catch(nullIfTooMuch);
      const missing = readable === null ? null : await reader.missing(project, window).catch(nullIfTooMuch);
      const fates = await reader.fates(project, window);
      const ofProject = backlog.waiting.filter((waiting) => project === "" || waiting.project === project);
      return { ...backlog, waiting: ofProject, fates, readable, missing, stepSeconds: window.stepSeconds };
    },
  };
  return reader;
}

function nullIfTooMuch(error: unknown): null {
  if (error instanceof AppError && error.code === "overloaded") return null;
  throw error;
}

/** A row received later replaces one received before. */
const IS_LATER = "received_at >= toDateTime({from:UInt32}, 'UTC')";

/** For scores, the later judgement wins, whenever it was received. */
const SURVIVORS: Partial<Record<(typeof TABLES)[number], string>> = { scores: "1" };
