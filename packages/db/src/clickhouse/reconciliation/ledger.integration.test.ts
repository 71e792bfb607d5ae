import { newId } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aChain, aSpan, storeSpans } from "../../testing/index.ts";
import {
  type ClickHouseClient,
  createClickHouse,
  createLedgerReader,
  decisionRow,
  insertTelemetry,
  type LedgerEntry,
  ledgerBody,
  linesOf,
  logRow,
  scoreRow,
  spanFingerprintAt,
  type TelemetryRow,
} from "../index.ts";

let stores: TestStores;
let clickhouse: ClickHouseClient;
beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

/** A whole minute (Unix seconds) an hour ago: what the ledger says of long ago is deleted when its parts are merged. */
const MINUTE = Math.floor(Date.now() / 60_000) * 60 - 3_600;
const WINDOW = { from: MINUTE - 600, to: MINUTE + 600, stepSeconds: 60 };
const receivedAtUs = (minutes = 0): number => (MINUTE + minutes * 60 + 7) * 1e6;

type Ids = { traceId: string; spanId: string };
const fingerprintOfIds = ({ traceId, spanId }: Ids): number => spanFingerprintAt(Buffer.from(traceId + spanId, "hex"), 0, 16);

function anEntry(project: string, over: Partial<LedgerEntry> = {}): LedgerEntry {
  const fingerprints = over.fingerprints ?? new Uint32Array();
  return {
    project,
    source: "otlp_traces_http",
    minute: MINUTE,
    fate: "stored",
    reason: "",
    count: fingerprints.length,
    ...over,
    fingerprints,
  };
}

async function keep(entries: readonly LedgerEntry[], token = newId()): Promise<void> {
  const outcome = await insertTelemetry(clickhouse, { table: "ledger", body: ledgerBody(entries), token });
  expect(outcome).toEqual({ kind: "stored" });
}

async function store(row: TelemetryRow): Promise<void> {
  expect(await insertTelemetry(clickhouse, { table: row.table, body: linesOf([row]), token: newId() })).toEqual({ kind: "stored" });
}

test("what batches say of one minute is added up, and a batch that is told twice counts once", async () => {
  const reader = createLedgerReader(clickhouse);
  const entries = [anEntry("sums", { fate: "received", count: 3 }), anEntry("sums", { fate: "rejected", reason: "bad_span_id", count: 1 })];
  await keep(entries, "sums 1");
  await keep(entries, "sums 1");
  await keep(entries, "sums 2");
  const fates = (await reader.fates("sums", WINDOW)).sort((a, b) => a.fate.localeCompare(b.fate));
  const common = { project: "sums", source: "otlp_traces_http", time: MINUTE };
  expect(fates).toEqual([
    { ...common, fate: "received", reason: "", records: 6 },
    { ...common, fate: "rejected", reason: "bad_span_id", records: 2 },
  ]);
  expect(await reader.fates("sums", { ...WINDOW, to: MINUTE })).toEqual([]);
});

test("of a row that was sent again only the last time is readable, and none is missing", async () => {
  const reader = createLedgerReader(clickhouse);
  const [once, twice] = [aSpan({ project: "again", id: "once" }), aSpan({ project: "again", id: "twice" })];
  await storeSpans(clickhouse, [once, twice], receivedAtUs());
  await storeSpans(clickhouse, [twice], receivedAtUs(2));
  await keep([
    anEntry("again", { fingerprints: Uint32Array.from([once, twice].map(fingerprintOfIds)) }),
    anEntry("again", { minute: MINUTE + 120, fingerprints: Uint32Array.of(fingerprintOfIds(twice)) }),
  ]);
  const byTime = (rows: { time: number; rows: number }[]) => new Map(rows.map(({ time, rows }) => [time, rows]));
  expect(byTime(await reader.readable("again", WINDOW))).toEqual(
    new Map([
      [MINUTE, 1],
      [MINUTE + 120, 1],
    ]),
  );
  expect(byTime(await reader.missing("again", WINDOW))).toEqual(
    new Map([
      [MINUTE, 0],
      [MINUTE + 120, 0],
    ]),
  );
});

test("a row that is nowhere is missing, one that was deleted on purpose is not", async () => {
  const reader = createLedgerReader(clickhouse);
  const [there, lost, deleted] = [
    aSpan({ project: "loss", id: "a" }),
    aSpan({ project: "loss", id: "b" }),
    aSpan({ project: "loss", id: "c" }),
  ];
  await storeSpans(clickhouse, [there], receivedAtUs());
  await keep([
    anEntry("loss", { fingerprints: Uint32Array.from([there, lost, deleted].map(fingerprintOfIds)) }),
    anEntry("loss", { fate: "deleted", fingerprints: Uint32Array.of(fingerprintOfIds(deleted)) }),
  ]);
  expect(await reader.missing("loss", WINDOW)).toMatchObject([{ time: MINUTE, rows: 1 }]);
});

test("when the ledger's parts are merged, its counts are added up and it forgets no row", async () => {
  const reader = createLedgerReader(clickhouse);
  for (const fingerprint of [11, 12, 13]) await keep([anEntry("merged", { fingerprints: Uint32Array.of(fingerprint) })]);
  await clickhouse.command({ query: "OPTIMIZE TABLE ledger FINAL" });
  expect(await reader.fates("merged", WINDOW)).toMatchObject([{ fate: "stored", records: 3 }]);
  expect(await reader.missing("merged", WINDOW)).toMatchObject([{ rows: 3 }]);
});

test("where nothing of a project is left, everything of it is missing", async () => {
  await keep([anEntry("gone", { fingerprints: Uint32Array.of(1, 2, 3) })]);
  expect(await createLedgerReader(clickhouse).missing("gone", WINDOW)).toMatchObject([{ rows: 3 }]);
});

test("every table's rows are found by the fingerprints that they were written with", async () => {
  const receipt = { source: "otlp_logs_http" as const, receivedAtUs: receivedAtUs() };
  const time = "2026-11-26T08:30:00Z";
  const log = { project: "rows", timeUnixNano: "1795681800000000000", traceId: "", spanId: "", service: "s" };
  const rows = [
    logRow({ ...log, eventName: "", severity: "", body: "größe", attributes: {} }, receipt),
    scoreRow(
      { project: "rows", traceId: "a".repeat(32), spanId: null, name: "n", value: 1, label: "", explanation: "", scorer: "s", time },
      receipt,
    ),
    ...aChain("rows", [{ project: "rows" }]).map((decision) => decisionRow("rows", decision, "{}", receipt)),
  ];
  for (const row of rows) await store(row);
  await keep([anEntry("rows", { source: "otlp_logs_http", fingerprints: Uint32Array.from(rows.map(({ fingerprint }) => fingerprint)) })]);
  const reader = createLedgerReader(clickhouse);
  expect(await reader.missing("rows", WINDOW)).toMatchObject([{ source: "otlp_logs_http", rows: 0 }]);
  expect(await reader.readable("rows", WINDOW)).toMatchObject([{ source: "otlp_logs_http", rows: 3 }]);
});
