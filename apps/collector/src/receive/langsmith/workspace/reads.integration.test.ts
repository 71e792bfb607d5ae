import { readTraceLabels } from "@signalbox/db/clickhouse";
import { createPrisma, createProject, type PrismaClient, requireDataset, streamDatasetItems } from "@signalbox/db/prisma";
import type { KeyScope } from "@signalbox/model";
import { Client, RunTree } from "langsmith";
import { evaluate } from "langsmith/evaluation";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { oneKey } from "../../../testing/oneKey.ts";
import { startTestCollector } from "../../../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../../../testing/testStore.ts";
import { untilWritten } from "../../../testing/untilTrue.ts";

let store: TestStore;
let prisma: PrismaClient;
let collector: Awaited<ReturnType<typeof startTestCollector>>;

const KEYS = { agent: "sbx_agent", reader: "sbx_reader", owner: "sbx_owner", other: "sbx_other" } as const;
const SCOPES: Record<keyof typeof KEYS, KeyScope[]> = {
  ...{ agent: ["ingest", "read"], reader: ["read"], owner: ["admin"], other: ["ingest", "read", "admin"] },
};

beforeAll(async () => {
  store = await startTestStore({ withState: true });
  prisma = createPrisma(store.databaseUrl);
  await createProject(prisma, { name: "other", organisation: "acme", environments: ["production"] }, new Date());
  const sources = Object.entries(KEYS).map(([name, key], index) =>
    oneKey(key, name === "other" ? "other" : "default", { id: String(index), scopes: SCOPES[name as keyof typeof KEYS] }),
  );
  const keySource = {
    listKnownKeys: async () => (await Promise.all(sources.map((source) => source.listKnownKeys()))).flat(),
    touchApiKeys: async () => {},
  };
  collector = await startTestCollector({}, store.insert, { ...store.langsmith, keySource });
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await prisma.$disconnect();
  await store[Symbol.asyncDispose]();
});
beforeEach(() => {
  vi.stubEnv("LANGSMITH_TRACING", "true");
  vi.stubEnv("LANGSMITH_ENDPOINT", collector.url);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const clientOf = (name: keyof typeof KEYS): Client => new Client({ apiKey: KEYS[name] });

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const row of rows) read.push(row);
  return read;
}

test("an example that is deleted is in the next version no more, and in those of before still", async () => {
  const client = clientOf("agent");
  const dataset = await client.createDataset("shrinking");
  await client.createExamples({ datasetId: dataset.id, inputs: [1, 2, 3, 4].map((n) => ({ n })), outputs: [{}, {}, {}, {}] });
  const numbers = async () => (await all(client.listExamples({ datasetId: dataset.id }))).map(({ inputs }) => inputs.n);
  const [one, two, three] = await all(client.listExamples({ datasetId: dataset.id }));
  await client.deleteExample(one?.id ?? "");
  expect(await numbers()).toEqual([2, 3, 4]);
  await expect(client.deleteExample(one?.id ?? "")).rejects.toMatchObject({ status: 404 });
  await expect(clientOf("other").deleteExample(two?.id ?? "")).rejects.toMatchObject({ status: 404 });
  await expect(clientOf("reader").deleteExample(two?.id ?? "")).rejects.toMatchObject({ status: 403 });
  await client.deleteExamples([two?.id ?? "", three?.id ?? ""]);
  expect(await numbers()).toEqual([4]);
  const { latest } = await requireDataset(prisma, "default", "shrinking");
  expect(latest).toMatchObject({ number: 3, items: 1, removed: 2, actor: "langsmith" });
  expect((await all(streamDatasetItems(prisma, dataset.id, 1))).map(({ input }) => input)).toEqual([1, 2, 3, 4].map((n) => ({ n })));
});

test("a dataset goes with a key that may manage, of its own project, and stays while an experiment is of it", async () => {
  const client = clientOf("agent");
  const dataset = await client.createDataset("passing");
  await client.createExamples({ datasetId: dataset.id, inputs: [{ n: 1 }], outputs: [{}] });
  await expect(client.deleteDataset({ datasetId: dataset.id })).rejects.toMatchObject({ status: 403 });
  await expect(clientOf("other").deleteDataset({ datasetId: dataset.id })).rejects.toMatchObject({ status: 404 });
  await clientOf("owner").deleteDataset({ datasetName: "passing" });
  await expect(client.readDataset({ datasetName: "passing" })).rejects.toThrow(/not found/);

  const asked = await client.createDataset("asked");
  await client.createExamples({ datasetId: asked.id, inputs: [{ n: 1 }], outputs: [{}] });
  await evaluate(async (inputs: object) => inputs, { client, data: "asked", evaluators: [] });
  await client.awaitPendingTraceBatches();
  await expect(clientOf("owner").deleteDataset({ datasetId: asked.id })).rejects.toThrow(
    "Dataset asked stays: it is what 1 LangSmith experiment asked about.",
  );
  expect(await client.readDataset({ datasetName: "asked" })).toMatchObject({ example_count: 1 });
});

test("runs are listed by project, trace, id, example and kind, a page at a time, and only those of the key's project", async () => {
  const client = clientOf("agent");
  const roots: RunTree[] = [];
  const began = Date.now();
  for (let index = 0; index < 3; index += 1) {
    const root = new RunTree({
      name: `root ${index}`,
      inputs: { index },
      start_time: began + index,
      project_name: "listed",
      client,
      tags: ["beta"],
      metadata: { by: "ann" },
    });
    await root.postRun();
    const child = root.createChild({ name: "model", run_type: "llm", inputs: { question: "Why?" } });
    await child.postRun();
    await child.end({ answer: "So." });
    await child.patchRun();
    await (index === 1 ? root.end(undefined, "it broke") : root.end({ done: index }));
    await root.patchRun();
    roots.push(root);
  }
  await client.awaitPendingTraceBatches();
  await untilWritten(collector.url);

  const names = async (props: Parameters<Client["listRuns"]>[0]) => (await all(client.listRuns(props))).map(({ name }) => name);
  expect(await names({ projectName: "listed", isRoot: true })).toEqual(["root 2", "root 1", "root 0"]);
  expect(await names({ projectName: "listed", isRoot: true, order: "asc", limit: 2 })).toEqual(["root 0", "root 1"]);
  expect(await names({ projectName: "listed", error: true })).toEqual(["root 1"]);
  expect(await names({ projectName: "listed", runType: "llm" })).toEqual(["model", "model", "model"]);
  const [first, broken] = roots;
  expect((await names({ traceId: first?.id ?? "", order: "asc" })).toSorted()).toEqual(["model", "root 0"]);
  expect(await names({ parentRunId: first?.id ?? "" })).toEqual(["model"]);
  expect((await names({ id: roots.map(({ id }) => id) })).toSorted()).toEqual(["root 0", "root 1", "root 2"]);
  await expect(all(client.listRuns({ projectName: "nowhere" }))).rejects.toThrow(/nowhere/);
  await expect(all(client.listRuns({ projectName: "listed", filter: 'eq(name, "x")' }))).rejects.toThrow(/filter/);

  const session = await client.readProject({ projectName: "listed" });
  expect(await client.readRun(first?.id ?? "")).toMatchObject({
    ...{ id: first?.id, trace_id: first?.id, parent_run_id: null, session_id: session.id, name: "root 0", run_type: "chain" },
    ...{ inputs: { index: 0 }, outputs: { done: 0 }, error: null, status: "success", tags: ["beta"], extra: { metadata: { by: "ann" } } },
  });
  expect(await client.readRun(broken?.id ?? "")).toMatchObject({ error: "it broke", status: "error" });

  const many = Array.from({ length: 230 }, (_, index) => new RunTree({ name: `many ${index}`, project_name: "many", client }));
  for (const run of many) {
    await run.postRun();
    await run.end({});
    await run.patchRun();
  }
  await client.awaitPendingTraceBatches();
  await untilWritten(collector.url);
  const listed = await names({ projectName: "many" });
  expect([listed.length, new Set(listed).size]).toEqual([many.length, many.length]);

  const other = clientOf("other");
  await expect(all(other.listRuns({ projectName: "listed" }))).rejects.toThrow(/listed/);
  expect(await all(other.listRuns({ projectId: session.id }))).toEqual([]);
  expect(await all(other.listRuns({ id: [first?.id ?? ""] }))).toEqual([]);
  await expect(other.readRun(first?.id ?? "")).rejects.toMatchObject({ status: 404 });
  expect((await all(clientOf("reader").listRuns({ id: [first?.id ?? ""] }))).map(({ name }) => name)).toEqual(["root 0"]);
});

test("feedback is listed, changed and deleted by its id, with a key of its project", async () => {
  const client = clientOf("agent");
  const run = new RunTree({ name: "judged", inputs: {}, project_name: "judged", client });
  await run.postRun();
  await run.end({ said: "hi" });
  await run.patchRun();
  const given = { traceId: run.id, sessionId: run.id };
  const liked = await client.createFeedback(run.id, "liked", { score: 1, comment: "kind", ...given });
  const tone = await client.createFeedback(run.id, "tone", { value: "formal", feedbackSourceType: "app", ...given });
  await client.awaitPendingTraceBatches();
  // What was acknowledged a moment ago can be changed.
  await client.updateFeedback(liked.id, { score: 0.5 });
  await untilWritten(collector.url);

  const list = async (...asked: Parameters<Client["listFeedback"]>) =>
    (await all(client.listFeedback(...asked)))
      .map(({ id, key, score, value, comment, run_id }) => ({ id, key, score, value, comment, run_id }))
      .toSorted((a, b) => a.key.localeCompare(b.key));
  const ofLiked = { id: liked.id, key: "liked", score: 0.5, value: null, comment: "kind", run_id: run.id };
  const ofTone = { id: tone.id, key: "tone", score: null, value: "formal", comment: null, run_id: run.id };
  expect(await list({ runIds: [run.id] })).toEqual([ofLiked, ofTone]);
  expect(await list({ runIds: [run.id], feedbackKeys: ["tone"] })).toEqual([ofTone]);
  expect(await list({ runIds: [run.id], feedbackSourceTypes: ["api"] })).toEqual([ofLiked]);
  expect(await client.readFeedback(tone.id)).toMatchObject({ ...ofTone, feedback_source: { type: "app" }, trace_id: run.id });
  const labels = () => readTraceLabels(store.clickhouse, "default", run.id.replaceAll("-", ""), 10);
  expect(await labels()).toMatchObject([{ name: "tone", label: "formal", scorer: "app", value: null }]);

  // A label that becomes a number is no label any more, and a number that is cleared none.
  await client.updateFeedback(tone.id, { score: 0, comment: "too stiff" });
  await client.updateFeedback(liked.id, { score: null, value: "much" } as never);
  await untilWritten(collector.url);
  expect(await list({ runIds: [run.id] })).toEqual([
    { ...ofLiked, score: null, value: "much" },
    { ...ofTone, score: 0, comment: "too stiff" },
  ]);
  expect((await labels()).map(({ name, label }) => [name, label])).toEqual([["liked", "much"]]);
  expect(await store.number("SELECT count() FROM scores FINAL WHERE feedback_id != '' AND name IN ('liked', 'tone')")).toBe(1);

  const other = clientOf("other");
  expect(await all(other.listFeedback({ runIds: [run.id] }))).toEqual([]);
  await expect(other.deleteFeedback(tone.id)).rejects.toMatchObject({ status: 404 });
  await expect(clientOf("reader").deleteFeedback(tone.id)).rejects.toMatchObject({ status: 403 });
  for (const { id } of [liked, tone]) await client.deleteFeedback(id);
  expect(await list({ runIds: [run.id] })).toEqual([]);
  await expect(client.updateFeedback(tone.id, { score: 1 })).rejects.toMatchObject({ status: 404 });
});

test("the runs of an experiment are listed by it and by the example that they are of", async () => {
  const client = clientOf("agent");
  const dataset = await client.createDataset("of an experiment");
  await client.createExamples({ datasetId: dataset.id, inputs: [{ n: 1 }, { n: 2 }], outputs: [{}, {}] });
  const { experimentName } = await evaluate(async ({ n }: { n: number }) => ({ twice: 2 * n }), {
    ...{ client, data: "of an experiment", evaluators: [] },
  });
  await client.awaitPendingTraceBatches();
  await untilWritten(collector.url);
  const runs = await all(client.listRuns({ projectName: experimentName, isRoot: true }));
  expect(runs.map(({ outputs }) => outputs).toSorted((a, b) => a?.twice - b?.twice)).toEqual([{ twice: 2 }, { twice: 4 }]);
  const [run] = runs;
  const ofExample = await all(client.listRuns({ projectName: experimentName, referenceExampleId: run?.reference_example_id ?? "" }));
  expect(ofExample.map(({ id }) => id)).toEqual([run?.id]);
});
