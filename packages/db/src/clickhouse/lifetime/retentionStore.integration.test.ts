import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aSpan, NOON, storeSpans } from "../../testing/index.ts";
import { createClickHouse } from "../client.ts";
import { readRows } from "../readRows.ts";
import { createTraceStore } from "../traces/traceStore.ts";
import { createRetentionStore, isPast } from "./retentionStore.ts";

test("a day goes whole when every project that it has rows of is past it", () => {
  const retentions = [
    { project: "a", firstDay: "2026-11-10" },
    { project: "b", firstDay: "2026-11-20" },
  ];
  expect(isPast({ day: "2026-11-09", projects: ["a", "b"] }, retentions)).toBe(true);
  expect(isPast({ day: "2026-11-10", projects: ["a", "b"] }, retentions)).toBe(false);
  expect(isPast({ day: "2026-11-10", projects: ["b"] }, retentions)).toBe(true);
  expect(isPast({ day: "2026-11-09", projects: ["a", "kept"] }, retentions)).toBe(false);
});

let stores: TestStores;
let clickhouse: ReturnType<typeof createClickHouse>;

beforeAll(async () => {
  stores = await startTestStores({ only: "clickhouse" });
  clickhouse = createClickHouse(stores.clickhouseUrl);
});
afterAll(async () => {
  await clickhouse.close();
  await stores[Symbol.asyncDispose]();
});

const DAY_MS = 86_400_000;
const dayOf = (days: number): string => new Date(Number(NOON / 1_000_000n) + days * DAY_MS).toISOString().slice(0, 10);

async function namesOf(table: string, column: string): Promise<string[]> {
  const sql = `SELECT DISTINCT concat(project, ' ', toString(toDate(${column}))) AS name FROM ${table} FINAL ORDER BY name`;
  return (await readRows(clickhouse, { sql, params: {} }, z.object({ name: z.string() }))).map(({ name }) => name);
}

test("what is older than its project keeps it goes, by whole days and by rows, is told to the ledger, and other projects are left alone", async () => {
  const spans = [0, 1, 2].flatMap((day) => [
    aSpan({ project: "short", trace: `short-${day}`, user: "ann", atMs: day * DAY_MS }),
    ...(day === 0 ? [] : [aSpan({ project: "kept", trace: `kept-${day}`, atMs: day * DAY_MS })]),
  ]);
  await storeSpans(clickhouse, spans);
  const store = createRetentionStore(clickhouse);
  const gone = await store.enforce([{ project: "short", firstDay: dayOf(2) }]);
  const left = [`kept ${dayOf(1)}`, `kept ${dayOf(2)}`, `short ${dayOf(2)}`];
  expect(await namesOf("spans", "start_time")).toEqual(left);
  expect(await namesOf("trace_times", "last")).toEqual(left);
  expect(await namesOf("trace_keys", "hour")).toEqual([`short ${dayOf(2)}`]);
  expect(gone.filter(({ table }) => table === "spans")).toEqual([
    { table: "spans", rows: 1, project: "short" },
    { table: "spans", rows: 1, project: "short" },
  ]);
  const days =
    "SELECT DISTINCT partition_id AS name FROM system.parts WHERE database = currentDatabase() AND table = 'spans' AND active AND rows > 0 ORDER BY name";
  const partitions = await readRows(clickhouse, { sql: days, params: {} }, z.object({ name: z.string() }));
  expect(partitions.map(({ name }) => name)).toEqual([dayOf(1), dayOf(2)].map((day) => day.replaceAll("-", "")));
  const told = "SELECT sum(records) AS records FROM ledger WHERE project = 'short' AND fate = 'deleted' AND reason = 'retention'";
  expect(await readRows(clickhouse, { sql: told, params: {} }, z.object({ records: z.coerce.number() }))).toEqual([{ records: 2 }]);
  expect(await store.enforce([{ project: "short", firstDay: dayOf(2) }])).toEqual([]);
});

test("what stays of a trace whose root went is listed as incomplete, under its first day; a root that stays keeps its trace whole", async () => {
  const project = "cut";
  const night = { project, user: "ann", atMs: 2 * DAY_MS };
  await storeSpans(clickhouse, [
    aSpan({ ...night, trace: "cut", name: "job", atMs: DAY_MS }),
    aSpan({ ...night, trace: "cut", id: "late", parent: "root", name: "step" }),
    aSpan({ ...night, trace: "early", id: "early", parent: "root", name: "clock behind", atMs: DAY_MS }),
    aSpan({ ...night, trace: "early", name: "rooted" }),
  ]);
  await clickhouse.command({ query: "OPTIMIZE TABLE trace_times FINAL" });
  const store = createRetentionStore(clickhouse);
  await store.enforce([{ project, firstDay: dayOf(2) }]);
  const window = { from: String(NOON), to: String(NOON + BigInt(3 * DAY_MS) * 1_000_000n) };
  const listed = async (filter: { user?: string }) => {
    const { traces } = await createTraceStore(clickhouse).list({ project, window, filter, cursor: null, direction: "older", limit: 10 });
    return traces.map(({ name, status, spans }) => ({ name, status, spans }));
  };
  const expected = [
    { name: "rooted", status: "ok", spans: 1 },
    { name: "step", status: "incomplete", spans: 1 },
  ];
  expect(await listed({})).toEqual(expected);
  expect((await listed({ user: "ann" })).toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(expected);
  expect(await store.enforce([{ project, firstDay: dayOf(2) }])).toEqual([]);
});
