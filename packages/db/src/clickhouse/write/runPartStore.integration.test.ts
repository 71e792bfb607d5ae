import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { memoryRunParts } from "../../testing/index.ts";
import { type ClickHouseClient, createClickHouse, createRunPartStore, type RunPart, type RunPartStore } from "../index.ts";

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

/** Microseconds, of today: a part received long ago is deleted when parts are merged. */
const RECEIVED_US = Date.now() * 1_000 + 7;

const runId = (digit: string): string => digit.repeat(32);

function aPart(over: Partial<RunPart> = {}): RunPart {
  return {
    project: "default",
    runId: runId("a"),
    operation: "post",
    fields: "inputs,name",
    body: '{"name":"größe \\n \u{1f600}"}',
    source: "langsmith",
    receivedAtUs: RECEIVED_US,
    ...over,
  };
}

function contract(name: string, open: () => RunPartStore) {
  test(`${name}: a part is read as it was kept, those of other runs and projects are not`, async () => {
    const store = open();
    const part = aPart({ runId: runId("1") });
    await store.insert([part, aPart({ runId: runId("2") }), aPart({ runId: runId("1"), project: "other" })], `${name} kept`);
    expect(await store.read("default", [runId("1"), runId("3")])).toEqual([part]);
    expect(await store.read("default", [])).toEqual([]);
  });

  test(`${name}: operations and sets of fields stand beside one another, and of the same the last one received stays`, async () => {
    const store = open();
    const part = aPart({ runId: runId("4") });
    const patch = { ...part, operation: "patch" };
    const smaller = { ...patch, fields: "end_time" };
    const later = { ...patch, body: "{}", receivedAtUs: part.receivedAtUs + 1 };
    await store.insert([part, patch, smaller], `${name} first`);
    await store.insert([later], `${name} later`);
    await store.insert([patch], `${name} again`);
    const read = await store.read("default", [runId("4")]);
    expect(read.toSorted((a, b) => (a.operation + a.fields < b.operation + b.fields ? -1 : 1))).toEqual([smaller, later, part]);
  });

  test(`${name}: an insert that is repeated changes nothing`, async () => {
    const store = open();
    await store.insert([aPart({ runId: runId("5") })], `${name} once`);
    await store.insert([aPart({ runId: runId("5"), fields: "other" })], `${name} once`);
    expect(await store.read("default", [runId("5")])).toHaveLength(1);
  });

  test(`${name}: more than one answer should hold is read all the same, and a part as large as a request may be`, async () => {
    const store = open();
    const ids = Array.from({ length: 6 }, (_, index) => runId(String(index)).replace(/^./, "f"));
    const body = JSON.stringify("x".repeat(12_000_000));
    for (const id of ids) await store.insert([aPart({ runId: id, body })], `${name} large ${id}`);
    await store.insert([aPart({ runId: runId("e"), body: JSON.stringify("y".repeat(64 * 1024 * 1024)) })], `${name} largest`);
    const read = await store.read("default", ids);
    expect(read.map((part) => part.runId).sort()).toEqual(ids);
    expect(read.every((part) => part.body === body)).toBe(true);
    expect((await store.read("default", [runId("e")]))[0]?.body.length).toBeGreaterThan(64 * 1024 * 1024);
  });
}

contract("in ClickHouse", () => createRunPartStore(clickhouse));
contract("in memory", memoryRunParts);

test("a store that does not answer is unavailable", async () => {
  const store = createRunPartStore(createClickHouse("http://127.0.0.1:9/signalbox"));
  await expect(store.read("default", [runId("a")])).rejects.toMatchObject({ code: "upstream_unavailable" });
  await expect(store.insert([aPart()], "t")).rejects.toMatchObject({ code: "upstream_unavailable" });
});
