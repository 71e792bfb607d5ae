import { AppError } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClickHouseClient, createClickHouse } from "../clickhouse/index.ts";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { createPrisma, type PrismaClient, resolveDataset } from "../prisma/index.ts";
import {
  createWorkspaceStore,
  type ExampleObject,
  listDueExperiments,
  moveWorkspace,
  type NamedObject,
  type WorkspaceStore,
} from "./index.ts";

let stores: TestStores;
let prisma: PrismaClient;
let clickhouse: ClickHouseClient;
let workspace: WorkspaceStore;

const NOW = new Date("2026-11-27T04:00:00.000Z");
const at = { createdAt: NOW, updatedAt: NOW };
const project = "default";

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
  workspace = createWorkspaceStore(prisma, () => NOW.getTime());
});
afterAll(async () => {
  await clickhouse.close();
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const idOf = (digit: number): string => `0000000${digit}-0000-4000-8000-000000000000`;
const aDataset = (id: number, name: string, body = {}): NamedObject => ({ project, kind: "dataset", id: idOf(id), name, body, ...at });
const anExample = (parent: number, id: number, body: object): ExampleObject => ({
  ...{ project, kind: "example", parent: idOf(parent), id: idOf(id), ...at },
  body: body as Record<string, unknown>,
});
const list = (parent: number) => workspace.list({ project, kind: "example", parent: idOf(parent), limit: 10, offset: 0 });

test("a dataset keeps what its client says, has its name alone, and is found by id and by name", async () => {
  await workspace.put(aDataset(1, "told", { description: "d", data_type: "kv", extra: { a: 1 } }));
  await workspace.put(aDataset(1, "told", { description: "e", data_type: "kv", extra: { a: 1 } }));
  await expect(workspace.put(aDataset(2, "told"))).rejects.toMatchObject({ code: "conflict" });
  await expect(workspace.put(aDataset(2, "told@2"))).rejects.toMatchObject({ code: "invalid_input" });
  const query = { project, kind: "dataset", limit: 10, offset: 0 } as const;
  const told = { description: "e", data_type: "kv", extra: { a: 1 }, example_count: 0 };
  expect(await workspace.list({ ...query, name: "told" })).toEqual([{ ...aDataset(1, "told", told) }]);
  expect(await workspace.list({ ...query, ids: [idOf(2)] })).toEqual([]);
});

test("examples that come together are one version, and the same again is none", async () => {
  await workspace.put(aDataset(3, "versions"));
  const examples = [anExample(3, 4, { inputs: { n: 1 } }), anExample(3, 5, { inputs: { n: 1 } }), anExample(3, 6, { inputs: { n: 3 } })];
  for (const _ of [1, 2]) await workspace.putExamples(project, idOf(3), [examples.slice(0, 2), examples.slice(2)]);
  await workspace.putExamples(project, idOf(3), [[anExample(3, 5, { inputs: { n: 2 }, outputs: { m: 4 } })]]);
  const { dataset } = await resolveDataset(prisma, project, { name: "versions", version: { kind: "latest" } });
  expect(dataset.latest).toMatchObject({ number: 2, items: 3, changed: 1, actor: "langsmith" });
  expect((await list(3)).map(({ id, body }) => [id, body.inputs, body.outputs])).toEqual([
    [idOf(4), { n: 1 }, null],
    [idOf(5), { n: 2 }, { m: 4 }],
    [idOf(6), { n: 3 }, null],
  ]);
  await expect(workspace.putExamples(project, idOf(9), [examples])).rejects.toMatchObject({ code: "not_found" });
  const long = anExample(3, 7, { inputs: { text: "x".repeat(1_100_000) } });
  await expect(workspace.putExamples(project, idOf(3), [[long]])).rejects.toThrow(AppError);
});

test("an experiment is on the version of when it began, and whatever is said of it has it looked at", async () => {
  await workspace.put(aDataset(8, "measured"));
  await workspace.putExamples(project, idOf(8), [[anExample(8, 8, { inputs: { n: 1 } })]]);
  const session = { project, kind: "session" as const, id: idOf(8), name: "try", body: { reference_dataset_id: idOf(8) }, ...at };
  await workspace.put(session);
  await workspace.putExamples(project, idOf(8), [[anExample(8, 9, { inputs: { n: 2 } })]]);
  await workspace.put({ ...session, id: idOf(9), name: "no experiment", body: {} });
  await expect(workspace.put({ ...session, id: idOf(7) })).rejects.toMatchObject({ code: "conflict" });
  expect(await listDueExperiments(prisma, NOW, 10)).toMatchObject([{ id: idOf(8), datasetVersion: 1, isOver: false, lookAt: NOW }]);
});

test("what older collectors kept in the telemetry store is moved once, under names that datasets may have", async () => {
  const values = [
    { kind: "dataset", parent: "", id: idOf(1), name: "told", body: '{"description":"older"}' },
    { kind: "dataset", parent: "", id: "0a000000-0000-4000-8000-000000000000", name: "told", body: '{"description":"old"}' },
    { kind: "dataset", parent: "", id: "0b000000-0000-4000-8000-000000000000", name: "a@b", body: "{}" },
    {
      kind: "example",
      parent: "0b000000-0000-4000-8000-000000000000",
      id: idOf(1),
      name: "",
      body: '{"inputs":{"n":1},"metadata":{"a":1}}',
    },
    { kind: "session", parent: "", id: idOf(5), name: "old try", body: '{"reference_dataset_id":"0b000000-0000-4000-8000-000000000000"}' },
  ].map((row) => ({ project, created_at: "2026-11-20 10:00:00.000000", updated_at: "2026-11-20 10:00:00.000000", ...row }));
  await clickhouse.insert({ table: "workspace_objects", values, format: "JSONEachRow" });
  expect(await moveWorkspace(prisma, clickhouse, NOW)).toBe(5);
  expect(await moveWorkspace(prisma, clickhouse, NOW)).toBe(0);
  const datasets = await workspace.list({ project, kind: "dataset", limit: 10, offset: 0 });
  expect(datasets.map(({ name }) => name)).toEqual(expect.arrayContaining(["told", "told 0a000000", "a-b"]));
  const examples = await workspace.list({ project, kind: "example", parent: "0b000000-0000-4000-8000-000000000000", limit: 10, offset: 0 });
  expect(examples).toMatchObject([{ id: idOf(1), body: { inputs: { n: 1 }, metadata: { a: 1 } } }]);
  expect(await listDueExperiments(prisma, NOW, 10)).toContainEqual(expect.objectContaining({ name: "old try", datasetVersion: 1 }));
});
