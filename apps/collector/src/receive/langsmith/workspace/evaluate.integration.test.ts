import { readSessionFeedback } from "@signalbox/db/clickhouse";
import { listEvalRuns, listEvalTries, requireEvalRun } from "@signalbox/db/evalRuns";
import { foldExperiment, listDueExperiments } from "@signalbox/db/langsmith";
import { createPrisma, type PrismaClient, requireDataset, resolveDataset, streamDatasetItems, writeDataset } from "@signalbox/db/prisma";
import { DatasetItemContent, type EvalResult, type EvalRun } from "@signalbox/model";
import { Client } from "langsmith";
import { evaluate } from "langsmith/evaluation";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { oneKey } from "../../../testing/oneKey.ts";
import { startTestCollector } from "../../../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../../../testing/testStore.ts";
import { untilWritten } from "../../../testing/untilTrue.ts";

const KEY = "sbx_of_the_tests";

let store: TestStore;
let prisma: PrismaClient;
let collector: Awaited<ReturnType<typeof startTestCollector>>;

beforeAll(async () => {
  store = await startTestStore({ withState: true });
  prisma = createPrisma(store.databaseUrl);
  collector = await startTestCollector({}, store.insert, { ...store.langsmith, keySource: oneKey(KEY, "default") });
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await prisma.$disconnect();
  await store[Symbol.asyncDispose]();
});
beforeEach(() => {
  vi.stubEnv("LANGSMITH_TRACING", "true");
  vi.stubEnv("LANGSMITH_ENDPOINT", collector.url);
  vi.stubEnv("LANGSMITH_API_KEY", KEY);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Folds every experiment, as the controller does; returns how many tries were written. */
async function look(): Promise<number> {
  let written = 0;
  const now = new Date(Date.now() + 60_000);
  for (const experiment of await listDueExperiments(prisma, now, 100))
    written += (await foldExperiment({ prisma, clickhouse: store.clickhouse }, experiment, now))?.written ?? 0;
  return written;
}

async function runNamed(name: string): Promise<{ run: EvalRun; tries: EvalResult[] }> {
  const run = await requireEvalRun(prisma, "default", name);
  const { tries } = await listEvalTries(prisma, run.id, {}, { skip: 0, rowsMax: 100 });
  return { run, tries: tries.toSorted((a, b) => a.position - b.position || a.trial - b.trial) };
}

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const row of rows) read.push(row);
  return read;
}

type Rows = Record<string, unknown>;

const right = ({ outputs, referenceOutputs }: { outputs?: Rows; referenceOutputs?: Rows }) => ({
  key: "right",
  score: Number(outputs?.answer === referenceOutputs?.answer),
});

test("evaluate() of the real client is an eval run: its examples are a dataset, its repetitions tries, its feedback scores, its errors failures", async () => {
  const client = new Client();
  const dataset = await client.createDataset("weather questions", { description: "three of them" });
  await client.createExamples({
    datasetId: dataset.id,
    inputs: ["Rome", "Oslo", "Nowhere"].map((city) => ({ city })),
    outputs: ["sunny", "rain", "?"].map((answer) => ({ answer })),
  });
  const answer = async ({ city }: { city: string }) => {
    if (city === "Nowhere") throw new Error("no such city");
    return { answer: "sunny" };
  };
  const results = await evaluate(answer, {
    client,
    data: "weather questions",
    evaluators: [right],
    numRepetitions: 2,
    experimentPrefix: "first",
  });
  await client.awaitPendingTraceBatches();
  await untilWritten(collector.url);
  expect(await look()).toBe(6);

  expect((await listEvalRuns(prisma, "default", 10)).map(({ name }) => name)).toEqual([results.experimentName]);
  const { run, tries } = await runNamed(results.experimentName);
  expect(run).toMatchObject({ dataset: "weather questions@1", items: 3, trials: 2, target: "langsmith", finished: 6, failed: 2 });
  expect(run).toMatchObject({ scorers: [{ name: "right" }], endedAt: expect.any(String) });
  const { dataset: ours, version } = await resolveDataset(prisma, "default", { name: "weather questions", version: { kind: "latest" } });
  expect(ours).toMatchObject({ id: dataset.id, description: "three of them", latest: { number: 1, items: 3 } });
  const items = await all(streamDatasetItems(prisma, ours.id, version.number));
  expect(tries.map(({ itemId, trial, state, scores: [score] }) => [itemId, trial, state, score?.value, score?.passed])).toEqual(
    items.flatMap(({ id, input }) => {
      const { city } = input as { city: string };
      const value = city === "Rome" ? 1 : 0;
      return [0, 1].map((trial) => [id, trial, city === "Nowhere" ? "failed" : "answered", value, value === 1]);
    }),
  );
  expect(tries[0]).toMatchObject({ input: { city: "Rome" }, expected: { answer: "sunny" }, output: { answer: "sunny" }, error: null });
  expect(tries.at(-1)).toMatchObject({ error: "Error: no such city", output: null });
  const traces = await store.rows<{ id: string }>(
    `SELECT lower(hex(trace_id)) AS id FROM spans FINAL WHERE service = '${results.experimentName}' AND parent_span_id = toFixedString('', 8)`,
  );
  expect(tries.map(({ traceId }) => traceId).sort()).toEqual(traces.map(({ id }) => id).sort());

  // Late feedback is picked up; a second look without news writes nothing.
  expect(await look()).toBe(0);
  const runId = results.results[0]?.run.id ?? "";
  await client.createFeedback(runId, "liked", { score: 0.5, comment: "by a person", traceId: runId, sessionId: run.id });
  await client.awaitPendingTraceBatches();
  await untilWritten(collector.url);
  // The failed tries get a 0 from the new scorer.
  expect(await look()).toBeGreaterThan(0);
  const later = await runNamed(results.experimentName);
  expect(later.run).toMatchObject({ finished: 6, failed: 2, scorers: [{ name: "liked" }, { name: "right" }] });
  expect(later.tries.flatMap(({ scores }) => scores.filter(({ name, value }) => name === "liked" && value > 0))).toEqual([
    { name: "liked", value: 0.5, passed: null, explanation: "by a person" },
  ]);
  expect(await look()).toBe(0);

  // Feedback on the experiment as a whole belongs to no run.
  for (const score of [0.25, 0.75]) {
    await client.createFeedback({ runId: null, projectId: run.id, key: "spread", score, comment: "over all of them" });
    await untilWritten(collector.url);
  }
  const session = { project: "default", session: run.id, from: new Date(Date.now() - 3_600_000) };
  expect(await readSessionFeedback(store.clickhouse, session)).toEqual([
    { name: "spread", value: 0.75, label: "", explanation: "over all of them" },
  ]);
});

test("the real client reads and evaluates a dataset of ours, and its changes make the next version", async () => {
  const items = [{ input: "Where is it?", expectedOutput: "here", metadata: { by: "ann" }, split: "dev" }, { input: { city: "Rome" } }];
  const changes = items.map((item, index) => ({ kind: "put" as const, id: `q-${index}`, content: DatasetItemContent.parse(item) }));
  const write = { project: "default", name: "ours", duplicates: "refuse" as const, note: "", actor: "ann", now: new Date() };
  await writeDataset(prisma, { ...write, changes: [changes], create: true });

  const client = new Client();
  const examples = await all(client.listExamples({ datasetName: "ours" }));
  expect(examples.map(({ inputs, outputs, metadata }) => ({ inputs, outputs, metadata }))).toEqual([
    { inputs: { input: "Where is it?" }, outputs: { output: "here" }, metadata: { by: "ann", dataset_split: ["dev"] } },
    { inputs: { city: "Rome" }, outputs: null, metadata: {} },
  ]);
  const inSplits = async (...splits: string[]) =>
    (await all(client.listExamples({ datasetName: "ours", splits }))).map(({ inputs }) => inputs);
  expect([await inSplits("dev"), await inSplits("test"), await inSplits("base"), await inSplits("dev", "base")]).toEqual([
    [{ input: "Where is it?" }],
    [],
    [{ city: "Rome" }],
    [{ input: "Where is it?" }, { city: "Rome" }],
  ]);
  const results = await evaluate(async (inputs: Rows) => ({ said: inputs }), {
    client,
    data: "ours",
    evaluators: [],
    experimentPrefix: "ours",
  });
  await client.awaitPendingTraceBatches();
  await untilWritten(collector.url);
  await look();
  const { run, tries } = await runNamed(results.experimentName);
  expect([run.dataset, ...tries.map(({ itemId, input }) => [itemId, input])]).toEqual([
    "ours@1",
    ["q-0", "Where is it?"],
    ["q-1", { city: "Rome" }],
  ]);

  const [first] = examples;
  await client.updateExample({ id: first?.id ?? "", dataset_id: first?.dataset_id ?? "", outputs: { output: "there" } });
  const { latest, id } = await requireDataset(prisma, "default", "ours");
  expect(latest).toMatchObject({ number: 2, changed: 1, items: 2, actor: "langsmith" });
  const [changed] = await all(streamDatasetItems(prisma, id, 2));
  expect(changed).toMatchObject({
    id: "q-0",
    input: "Where is it?",
    expectedOutput: { output: "there" },
    split: "dev",
    metadata: { by: "ann" },
  });
  const asItWas = await all(client.listExamples({ datasetName: "ours", asOf: first?.created_at ?? "" }));
  expect(asItWas[0]?.outputs).toEqual({ output: "here" });
});

test("an experiment without an end is a run in progress, and repeated requests change nothing", async () => {
  const client = new Client();
  const dataset = await client.createDataset("slow");
  await client.createExamples({ datasetId: dataset.id, inputs: [{ n: 1 }, { n: 2 }], outputs: [{}, {}] });
  const [example] = await all(client.listExamples({ datasetId: dataset.id }));
  const session = await client.createProject({ projectName: "half", referenceDatasetId: dataset.id });
  expect(await look()).toBe(0);
  expect((await runNamed("half")).run).toMatchObject({ items: 2, finished: 0, endedAt: null });

  const id = "01a2166c-f4c5-7000-8000-026b8e1c505f";
  const at = new Date().toISOString();
  const run = {
    ...{
      id,
      trace_id: id,
      dotted_order: `${at.replaceAll(/[-:.]/g, "").replace("Z", "000Z")}${id}`,
      name: "t",
      run_type: "chain",
      start_time: at,
    },
    ...{ end_time: at, session_name: "half", reference_example_id: example?.id, inputs: { n: 1 }, outputs: { said: "one" } },
  };
  const feedback = { id: session.id, run_id: id, trace_id: id, key: "right", score: 1, created_at: at };
  for (const _ of [1, 2]) {
    const body = JSON.stringify({ post: [run], feedback: [feedback] });
    const headers = { "content-type": "application/json", "x-api-key": KEY };
    expect((await fetch(`${collector.url}/runs/batch`, { method: "POST", headers, body })).status).toBe(202);
    await untilWritten(collector.url);
    await look();
    const { run: seen, tries } = await runNamed("half");
    expect(seen).toMatchObject({ items: 2, finished: 1, failed: 0, endedAt: null });
    expect(tries).toMatchObject([{ position: 0, trial: 0, output: { said: "one" }, scores: [{ name: "right", value: 1 }] }]);
  }
  await client.updateProject(session.id, { endTime: at });
  await look();
  expect((await runNamed("half")).run).toMatchObject({ finished: 1, endedAt: at });
});
