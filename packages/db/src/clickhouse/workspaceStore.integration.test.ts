import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { memoryWorkspace } from "../testing/index.ts";
import { type ClickHouseClient, createClickHouse, createWorkspaceStore, type WorkspaceObject, type WorkspaceStore } from "./index.ts";

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

const DATASET = "01a2166c-f4c5-7000-8000-026b8e1c505f";
const exampleId = (index: number): string => `01a2166c-f4c5-7000-8000-00000000000${index}`;

function anExample(index: number, over: Partial<WorkspaceObject> = {}): WorkspaceObject {
  const atUs = 1_795_480_164_235_007 + index;
  const body = { inputs: { question: "größe ' \n" } };
  return {
    project: "p",
    kind: "example",
    parent: DATASET,
    id: exampleId(index),
    name: "",
    body,
    createdAtUs: atUs,
    updatedAtUs: atUs,
    ...over,
  };
}

function contract(name: string, open: () => WorkspaceStore) {
  test(`${name}: objects are listed as they were kept, oldest first, page by page, those of their project, kind and parent alone`, async () => {
    const store = open();
    const [first, second, third] = [anExample(1), anExample(2), anExample(3)];
    await store.put([third, first, second]);
    await store.put([
      anExample(4, { project: "other" }),
      anExample(5, { parent: exampleId(9) }),
      anExample(6, { kind: "session", name: "s" }),
    ]);
    const query = { project: "p", kind: "example", parent: DATASET, limit: 100, offset: 0 } as const;
    expect(await store.list(query)).toEqual([first, second, third]);
    expect(await store.list({ ...query, limit: 1, offset: 1 })).toEqual([second]);
    expect(await store.list({ ...query, ids: [exampleId(3), exampleId(5)] })).toEqual([third]);
    expect(await store.list({ project: "p", kind: "session", name: "s", limit: 1, offset: 0 })).toMatchObject([{ id: exampleId(6) }]);
    expect(await store.list({ project: "p", kind: "session", name: "t", limit: 1, offset: 0 })).toEqual([]);
  });

  test(`${name}: an object that is put again takes its own place`, async () => {
    const store = open();
    const before = anExample(7, { project: "again" });
    const after = { ...before, body: { inputs: {} }, updatedAtUs: before.updatedAtUs + 1 };
    await store.put([before]);
    await store.put([after]);
    expect(await store.list({ project: "again", kind: "example", limit: 9, offset: 0 })).toEqual([after]);
  });
}

contract("in ClickHouse", () => createWorkspaceStore(clickhouse));
contract("in memory", memoryWorkspace);
