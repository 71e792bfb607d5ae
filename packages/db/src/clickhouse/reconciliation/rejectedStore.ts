import type { ClickHouseClient } from "@clickhouse/client";
import { type IngestBatch, IngestSource } from "@signalbox/model";
import { z } from "zod";
import { readRows } from "../readRows.ts";

const Count = z.coerce.number();

const Kind = z.object({
  project: z.string(),
  source: IngestSource,
  minuteMs: Count,
  reasonKind: z.string().nullable(),
  reason: z.string(),
  records: Count,
  firstUs: Count,
  lastUs: Count,
});

const Stored = z.object({ reason: z.string(), record: z.string(), digest: z.string(), receivedAtUs: Count });

/**
 * Records of one project, source and minute (its start, in milliseconds since 1970) that were
 * rejected for reasons of one kind, of which `reason` is the first example. A null `reasonKind`
 * stands for all kinds beyond the first `REASON_KINDS_MAX`. Receipts are microseconds since 1970.
 */
export type RejectedKind = z.infer<typeof Kind>;

/** A stored rejected record. */
export type StoredRejection = z.infer<typeof Stored>;

/** The range of a letter's rejected records. */
export type RejectedRange = Pick<
  Extract<IngestBatch, { held: "records" }>,
  "source" | "reasonKind" | "otherThan" | "minute" | "afterUs" | "upToUs"
> & {
  project: string;
};

export type RejectedStore = ReturnType<typeof createRejectedStore>;

/** The most kinds of reasons told apart per minute, so that a sender that makes up reasons cannot flood the table. */
export const REASON_KINDS_MAX = 20;

/** A reason without its variable parts: quoted texts, ids, and numbers. */
const KIND = String.raw`substringUTF8(replaceRegexpAll(replaceRegexpAll(substringUTF8(reason, 1, 1000), '"[^"]*"|\'[^\']*\'|\`[^\`]*\`', '…'), '\\b[0-9a-fA-F-]{16,}\\b|\\b\\d+\\b', '#'), 1, 200)`;

/**
 * The kinds of reasons of each project, source and minute, in order of first occurrence.
 * Ranks change when records are deleted: a letter's own range says what it is about.
 */
const kindsOf = (condition: string): string => `
  SELECT project, source, toStartOfMinute(received_at) AS minute, ${KIND} AS kind, count() AS found, min(received_at) AS first, max(received_at) AS last,
    argMin(reason, received_at) AS example, row_number() OVER (PARTITION BY project, source, minute ORDER BY first, kind) AS place
  FROM rejected FINAL WHERE ${condition}
  GROUP BY project, source, minute, kind`;

const IN_MINUTE =
  "project = {project:String} AND source = {source:String} AND received_at >= fromUnixTimestamp64Milli({minuteMs:Int64}) AND received_at < fromUnixTimestamp64Milli({minuteMs:Int64}) + INTERVAL 1 MINUTE";

/** The condition for the records of a letter. */
const IN_RANGE = `${IN_MINUTE} AND received_at > fromUnixTimestamp64Micro({afterUs:Int64}) AND received_at <= fromUnixTimestamp64Micro({upToUs:Int64})
  AND if({isRest:Bool}, NOT has({otherThan:Array(String)}, ${KIND}), ${KIND} = {kind:String})`;

const paramsOf = ({ project, source, reasonKind, otherThan, minute, afterUs, upToUs }: RejectedRange): Record<string, unknown> => ({
  ...{ project, source, minuteMs: Date.parse(minute), afterUs, upToUs },
  ...{ isRest: reasonKind === null, kind: reasonKind ?? "", otherThan },
});

/** Reads records that were acknowledged but could not become rows. */
export function createRejectedStore(clickhouse: ClickHouseClient) {
  return {
    /** The rejections in whole minutes, from the one that contains `fromMs` until before `untilMs` (milliseconds since 1970). */
    kinds({ fromMs, untilMs }: { fromMs: number; untilMs: number }): Promise<RejectedKind[]> {
      const isWithin =
        "received_at >= toStartOfMinute(fromUnixTimestamp64Milli({fromMs:Int64})) AND received_at < fromUnixTimestamp64Milli({untilMs:Int64})";
      const sql = `SELECT project, source, toUnixTimestamp(minute) * 1000 AS minuteMs, if(place <= {kindsMax:UInt32}, kind, NULL) AS reasonKind,
  sum(found) AS records, toUnixTimestamp64Micro(min(first)) AS firstUs, toUnixTimestamp64Micro(max(last)) AS lastUs, argMin(example, first) AS reason
FROM (${kindsOf(isWithin)})
GROUP BY project, source, minute, reasonKind
ORDER BY minute, project, source, reasonKind`;
      return readRows(
        clickhouse,
        { sql, params: { fromMs: Math.floor(fromMs), untilMs: Math.floor(untilMs), kindsMax: REASON_KINDS_MAX } },
        Kind,
      );
    },

    /** The number of a letter's records that are unchanged: a record that is rejected again has another receipt. */
    async count(range: RejectedRange): Promise<number> {
      const sql = `SELECT count() AS records FROM rejected FINAL WHERE ${IN_RANGE}`;
      const [row] = await readRows(clickhouse, { sql, params: paramsOf(range) }, z.object({ records: Count }));
      return row?.records ?? 0;
    },

    /**
     * The number of a letter's records that were not rejected again since `sinceMs` (milliseconds since 1970). A record
     * that arrives again for the same reason on the same day replaces its row and leaves the letter's range; otherwise
     * (another reason, another day's partition, another transport) it stands beside it and is recognised by its text.
     */
    async countUnrepeated(range: RejectedRange, sinceMs: number): Promise<number> {
      const sql = `SELECT count() AS records FROM rejected FINAL WHERE ${IN_RANGE} AND sipHash128(record) NOT IN
  (SELECT sipHash128(record) FROM rejected WHERE project = {project:String} AND received_at >= fromUnixTimestamp64Milli({sinceMs:Int64}))`;
      const [row] = await readRows(clickhouse, { sql, params: { ...paramsOf(range), sinceMs } }, z.object({ records: Count }));
      return row?.records ?? 0;
    },

    /**
     * The next records of a letter after a given one, in the order of receipts and digests: up to
     * `rowsMax`, and no more once they reach `charsMax` characters. Empty when there are no more.
     */
    records(
      range: RejectedRange,
      { after, rowsMax, charsMax }: { after: Pick<StoredRejection, "receivedAtUs" | "digest"> | null; rowsMax: number; charsMax: number },
    ): Promise<StoredRejection[]> {
      const sql = `SELECT * EXCEPT before FROM (
  SELECT *, sum(length(record)) OVER (ORDER BY receivedAtUs, digest ROWS UNBOUNDED PRECEDING) - length(record) AS before FROM (
    SELECT reason, record, hex(digest) AS digest, toUnixTimestamp64Micro(received_at) AS receivedAtUs
    FROM rejected FINAL WHERE ${IN_RANGE} AND (received_at, hex(rejected.digest)) > (fromUnixTimestamp64Micro({beyondUs:Int64}), {beyond:String})
    ORDER BY receivedAtUs, digest
    LIMIT {rowsMax:UInt32}))
WHERE before < {charsMax:UInt32}
ORDER BY receivedAtUs, digest`;
      const params = { ...paramsOf(range), beyondUs: after?.receivedAtUs ?? 0, beyond: after?.digest ?? "", rowsMax, charsMax };
      return readRows(clickhouse, { sql, params }, Stored);
    },
  };
}
