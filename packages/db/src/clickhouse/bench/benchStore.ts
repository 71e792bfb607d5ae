import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { ClickHouseClient } from "@clickhouse/client";
import { z } from "zod";
import { boundIds, hexOf, isRoot } from "../ids.ts";
import { addTextIndex } from "../traces/textIndex.ts";
import { DIGEST } from "../write/spanDigest.ts";
import { LONG_TRACE, longTrace, longTraceId, SPANS_PER_TRACE, type Traffic, type TrafficPiece, trafficOfDay } from "./benchTraffic.ts";

const Count = z.coerce.number();

/** A table's size on disk, and the engine's outstanding work on it. */
const Storage = z.object({ rows: Count, bytes: Count, activeParts: Count, merges: Count });
export type Storage = z.infer<typeof Storage>;

/** A part of a table, and its number of rows. */
const SpanPart = z.object({ name: z.string(), rows: Count });
type SpanPart = z.infer<typeof SpanPart>;

/** The result of comparing a client's log with the store. `doubled`: the span is there twice; `altered`: its content differs. */
const Comparison = z.object({ acknowledged: Count, lost: Count, doubled: Count, altered: Count });
export type Comparison = z.infer<typeof Comparison>;

/** Compares ids alone or content too; rows as a reader sees them (`final`: a span sent twice counts once) or as stored. */
interface ComparisonOptions {
  withText: boolean;
  final: boolean;
}

/** A span of a client's log: its id, 8 bytes, and the CRC-32 of its content (0 where only ids are compared). */
export interface LoggedSpan {
  spanId: Uint8Array;
  digest: number;
}

/** The targets of a benchmark's queries: a trace of the traffic, and words in its root span. `word` occurs in that trace alone. */
const TrafficSample = z.object({ traceId: z.string(), session: z.string(), user: z.string(), word: z.string() });
export type TrafficSample = z.infer<typeof TrafficSample>;

/** The most spans per comparison join: more would not fit the memory of a small machine. */
const COMPARED_MAX = 4_000_000;

const LOGGED_SPAN_BYTES = 12;

export type BenchStore = ReturnType<typeof createBenchStore>;

/** Benchmark access to a ClickHouse of its own: it creates and drops tables beside the product's. */
export function createBenchStore(clickhouse: ClickHouseClient) {
  async function rows<T>(sql: string, params: Record<string, unknown>, schema: z.ZodType<T>): Promise<T[]> {
    const result = await clickhouse.query({
      query: sql,
      query_params: params,
      format: "JSONEachRow",
      clickhouse_settings: FINAL_WITHIN_DAYS,
    });
    return (await result.json()).map((row) => schema.parse(row));
  }

  async function insert(table: string, columns: string, format: string, bytes: Uint8Array): Promise<void> {
    const { stream } = await clickhouse.exec({
      query: `INSERT INTO ${table} ${columns} FORMAT ${format}`,
      values: Readable.from([bytes], { objectMode: false }),
      clickhouse_settings: { wait_end_of_query: 1 },
    });
    for await (const _ of stream);
  }

  async function compareShare(share: number, shares: number, { withText, final }: ComparisonOptions): Promise<Comparison> {
    const ofShare = (id: string): string => `cityHash64(${id}) % {shares:UInt32} = {share:UInt32}`;
    const sql = `SELECT count() AS acknowledged, countIf(found = 0) AS lost, countIf(found > 1) AS doubled,
  countIf(found > 0 AND wanted != got) AS altered
FROM (SELECT span_id, any(digest) AS wanted FROM bench_acknowledged WHERE ${ofShare("span_id")} GROUP BY span_id) AS logged
LEFT JOIN (
  SELECT span_id AS id, count() AS found, any(${withText ? DIGEST : "toUInt32(0)"}) AS got
  FROM spans ${final ? "FINAL" : ""} WHERE ${ofShare("span_id")} GROUP BY id
) AS stored ON logged.span_id = stored.id`;
    const [comparison] = await rows(sql, { share, shares }, Comparison);
    return comparison ?? { acknowledged: 0, lost: 0, doubled: 0, altered: 0 };
  }

  return {
    async storage(table: string): Promise<Storage> {
      const sql = `SELECT sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS activeParts,
  (SELECT count() FROM system.merges WHERE database = currentDatabase() AND table = {table:String}) AS merges
FROM system.parts WHERE active AND database = currentDatabase() AND table = {table:String}`;
      const [storage] = await rows(sql, { table }, Storage);
      return storage ?? { rows: 0, bytes: 0, activeParts: 0, merges: 0 };
    },

    /** The size of all tables on disk, in bytes, including those that index and count spans. */
    async bytesOfAllTables(): Promise<number> {
      const sql = "SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = currentDatabase()";
      const [all] = await rows(sql, {}, z.object({ bytes: Count }));
      return all?.bytes ?? 0;
    },

    /** Creates an empty table like `spans`, with its indexes. */
    async copySpansTable(name: string): Promise<void> {
      await clickhouse.command({ query: `CREATE TABLE ${name} AS spans` });
    },

    /** Creates an empty table like `spans` whose ids are hex digits, as in stores that are filled with rows of JSON. */
    async copySpansTableInHex(name: string): Promise<void> {
      const [created] = await rows(
        "SELECT create_table_query AS sql FROM system.tables WHERE database = currentDatabase() AND name = 'spans'",
        {},
        z.object({ sql: z.string() }),
      );
      const widths = new Map([
        ["FixedString(16)", "FixedString(32)"],
        ["FixedString(8)", "FixedString(16)"],
      ]);
      const inHex = (created?.sql ?? "")
        .replace(/^CREATE TABLE \S+/, `CREATE TABLE ${name}`)
        .replaceAll(/FixedString\((16|8)\)/g, (type) => widths.get(type) ?? type);
      await clickhouse.command({ query: inHex });
    },

    async dropTable(name: string): Promise<void> {
      await clickhouse.command({ query: `DROP TABLE ${name} SYNC` });
    },

    /** Adds the text index on messages, as an operator may. */
    addTextIndexes: (): Promise<void> => addTextIndex(clickhouse),

    /** The parts of `spans`, largest first. */
    spanParts(): Promise<SpanPart[]> {
      const sql =
        "SELECT name, rows FROM system.parts WHERE active AND database = currentDatabase() AND table = 'spans' ORDER BY rows DESC";
      return rows(sql, {}, SpanPart);
    },

    /** Rows of one part of `spans`, as one block in the engine's Native format. */
    async readNativeBlock(part: string, { from, to }: { from: number; to: number }): Promise<Buffer> {
      const { stream } = await clickhouse.exec({
        query: `SELECT * FROM spans
WHERE _part = {part:String} AND _part_offset >= {from:UInt64} AND _part_offset < {to:UInt64} FORMAT Native`,
        query_params: { part, from, to },
        clickhouse_settings: { max_threads: 1, max_block_size: String(to - from), preferred_block_size_bytes: "0" },
      });
      return buffer(stream);
    },

    /** Generates spans inside the engine: those of one day, or the long trace. */
    async makeTraffic(traffic: Traffic, { day, version }: TrafficPiece): Promise<void> {
      const { sql, params } = day === LONG_TRACE ? longTrace(traffic, version) : trafficOfDay(traffic, { day, version });
      await clickhouse.command({ query: sql, query_params: params, clickhouse_settings: TRAFFIC_SETTINGS });
    },

    /** A random sample of about `count` traces from all of the traffic. */
    sampleTraffic({ project, spans }: Traffic, count: number): Promise<TrafficSample[]> {
      const sql = `SELECT ${hexOf("trace_id")} AS traceId, session, user, extract(input_messages, 'order (r[0-9]+)') AS word FROM spans
PREWHERE project = {project:String} AND ${isRoot()} AND cityHash64(trace_id) % {share:UInt32} = 0 WHERE word != '' LIMIT {count:UInt32}`;
      return rows(sql, { project, share: Math.max(1, Math.floor(spans / SPANS_PER_TRACE / count / 2)), count }, TrafficSample);
    },

    /** The id of the long trace. */
    async longTraceId(traffic: Traffic): Promise<string> {
      const { sql, params } = longTraceId(traffic);
      const [trace] = await rows(sql, params, TrafficSample.pick({ traceId: true }));
      return trace?.traceId ?? "";
    },

    insertNativeBlock(table: string, block: Uint8Array): Promise<void> {
      return insert(table, "", "Native", block);
    },

    /** Inserts rows as objects keyed by column: the untuned way to write an insert. */
    async insertObjects(table: string, objects: readonly object[]): Promise<void> {
      await clickhouse.insert({ table, values: objects, format: "JSONEachRow" });
    },

    /** Stores the spans of a client's log beside the stored ones, for the comparison. */
    async keepAcknowledged(spans: Iterable<LoggedSpan>): Promise<void> {
      await clickhouse.command({
        query: "CREATE TABLE IF NOT EXISTS bench_acknowledged (span_id FixedString(8), digest UInt32) ENGINE = MergeTree ORDER BY span_id",
      });
      for (const bytes of batches(spans)) await insert("bench_acknowledged", "(span_id, digest)", "RowBinary", bytes);
    },

    /** Compares the client's log with `spans`. */
    async compareAcknowledged(options: ComparisonOptions): Promise<Comparison> {
      const [kept] = await rows("SELECT count() AS count FROM bench_acknowledged", {}, z.object({ count: Count }));
      const shares = Math.max(1, Math.ceil((kept?.count ?? 0) / COMPARED_MAX));
      const sum: Comparison = { acknowledged: 0, lost: 0, doubled: 0, altered: 0 };
      for (let share = 0; share < shares; share++) {
        const part = await compareShare(share, shares, options);
        for (const key of Object.keys(sum) as (keyof Comparison)[]) sum[key] += part[key];
      }
      return sum;
    },

    /** The given traces that a reader can find by now; all of them started after `sinceMs`. */
    async visibleTraces(traceIds: readonly string[], sinceMs: number): Promise<string[]> {
      const sql = `SELECT DISTINCT ${hexOf("trace_id")} AS traceId FROM spans
WHERE start_time >= fromUnixTimestamp64Milli({sinceMs:Int64}) AND trace_id IN ${boundIds("traceIds")}`;
      const found = await rows(sql, { traceIds, sinceMs }, z.object({ traceId: z.string() }));
      return found.map(({ traceId }) => traceId);
    },
  };
}

/** A day is one partition or two. Parts of some hundred thousand rows are like those that the collector's batches become. */
const TRAFFIC_SETTINGS = {
  max_partitions_per_insert_block: "0",
  optimize_on_insert: 0,
  max_block_size: "65536",
  max_insert_threads: "2",
} as const;

/** FINAL may skip merging across days, because a span's start, and with it its partition, never changes. */
const FINAL_WITHIN_DAYS = { do_not_merge_across_partitions_select_final: 1 } as const;

/** Spans in RowBinary, in pieces of some megabytes. */
function* batches(spans: Iterable<LoggedSpan>): Generator<Buffer> {
  const held = Buffer.alloc(LOGGED_SPAN_BYTES * 500_000);
  let length = 0;
  for (const { spanId, digest } of spans) {
    held.set(spanId, length);
    held.writeUInt32LE(digest, length + 8);
    length += LOGGED_SPAN_BYTES;
    if (length < held.length) continue;
    yield held;
    length = 0;
  }
  if (length > 0) yield held.subarray(0, length);
}
