import { createScoreReader, readSessionLabels, readTraceLabels } from "@signalbox/db/clickhouse";
import { Client, RunTree } from "langsmith";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startTestCollector } from "../../../testing/testCollector.ts";
import { startTestStore, type TestStore } from "../../../testing/testStore.ts";
import { untilWritten } from "../../../testing/untilTrue.ts";

let store: TestStore;
let collector: Awaited<ReturnType<typeof startTestCollector>>;

beforeAll(async () => {
  store = await startTestStore();
  // What is acknowledged is written half a second later: what is sent meanwhile finds an older version in the store.
  collector = await startTestCollector({ batchAgeMs: 500 }, store.insert, store.langsmith);
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});
beforeEach(() => {
  vi.stubEnv("LANGSMITH_TRACING", "true");
  vi.stubEnv("LANGSMITH_ENDPOINT", collector.url);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A client, and a run that it sent to a project, begun and not ended. */
async function begun(project: string): Promise<{ client: Client; run: RunTree; flushed: () => Promise<void> }> {
  const client = new Client({ apiKey: "any" });
  const run = new RunTree({ name: "judged", inputs: {}, project_name: project, client });
  await run.postRun();
  const flushed = async (): Promise<void> => {
    await client.awaitPendingTraceBatches();
    await untilWritten(collector.url);
  };
  return { client, run, flushed };
}

/** What is listed of a run. */
async function listed(client: Client, runId: string) {
  const all = [];
  for await (const { key, score, value, comment } of client.listFeedback({ runIds: [runId] })) all.push({ key, score, value, comment });
  return all.toSorted((a, b) => a.key.localeCompare(b.key));
}

test("changes one after another, and side by side, build on each other, and what is deleted after a change is gone", async () => {
  const { client, run, flushed } = await begun("changed");
  const given = { traceId: run.id, score: 0 };
  const { id } = await client.createFeedback(run.id, "liked", given);
  const other = await client.createFeedback(run.id, "passing", given);
  await flushed();
  await client.updateFeedback(id, { score: 1 });
  await client.updateFeedback(id, { comment: "kind" });
  await flushed();
  expect((await listed(client, run.id))[0]).toEqual({ key: "liked", score: 1, value: null, comment: "kind" });
  await Promise.all([client.updateFeedback(id, { value: "much" }), client.updateFeedback(id, { score: 0.5 })]);
  await client.updateFeedback(other.id, { score: 1 });
  await client.deleteFeedback(other.id);
  await flushed();
  expect(await listed(client, run.id)).toEqual([{ key: "liked", score: 0.5, value: "much", comment: "kind" }]);
});

test("two of one key and from one source on one run are two, each changed and deleted by its id", async () => {
  const { client, run, flushed } = await begun("twice");
  const give = (key: string, told: object) => client.createFeedback(run.id, key, { traceId: run.id, ...told });
  const [kind, rude] = [await give("liked", { score: 1, comment: "kind" }), await give("liked", { score: 0, comment: "rude" })];
  const [, stiff] = [await give("tone", { value: "formal" }), await give("tone", { value: "stiff" })];
  await flushed();
  const traceId = run.id.replaceAll("-", "");
  const scores = async () => {
    const found = await createScoreReader(store.clickhouse).ofTrace("default", traceId, 10);
    return found.map(({ feedback, value }) => [feedback?.id, value]).toSorted(([, a], [, b]) => Number(a) - Number(b));
  };
  const labels = async () => (await readTraceLabels(store.clickhouse, "default", traceId, 10)).map(({ label }) => label).toSorted();
  const told = async () => (await listed(client, run.id)).map(({ key, score, value, comment }) => [key, score ?? value, comment]);
  const byText = (rows: unknown[]) => rows.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  expect(byText(await told())).toEqual([
    ["liked", 0, "rude"],
    ["liked", 1, "kind"],
    ["tone", "formal", null],
    ["tone", "stiff", null],
  ]);
  expect([await scores(), await labels()]).toEqual([
    [
      [rude.id, 0],
      [kind.id, 1],
    ],
    ["formal", "stiff"],
  ]);

  await client.updateFeedback(kind.id, { score: 0.5 });
  await client.updateFeedback(stiff.id, { value: "plain" });
  await flushed();
  expect(await client.readFeedback(kind.id)).toMatchObject({ score: 0.5, comment: "kind" });
  expect(await client.readFeedback(rude.id)).toMatchObject({ score: 0, comment: "rude" });
  expect(await labels()).toEqual(["formal", "plain"]);
  await client.deleteFeedback(rude.id);
  await client.deleteFeedback(stiff.id);
  await flushed();
  expect(await told()).toEqual([
    ["liked", 0.5, "kind"],
    ["tone", "formal", null],
  ]);
  expect([await scores(), await labels()]).toEqual([[[kind.id, 0.5]], ["formal"]]);
});

test("feedback that told no trace stays changed, and deleted, when more of its run comes", async () => {
  const { client, run, flushed } = await begun("untold");
  const tone = await client.createFeedback(run.id, "tone", { value: "formal" });
  const gone = await client.createFeedback(run.id, "gone", { score: 1 });
  const kept = await client.createFeedback(run.id, "kept", { score: 1 });
  await flushed();
  expect((await listed(client, run.id)).map(({ key }) => key)).toEqual(["gone", "kept", "tone"]);
  await client.updateFeedback(tone.id, { value: "stiff" });
  await client.deleteFeedback(gone.id);
  await flushed();
  await run.end({ said: "hi" });
  await run.patchRun();
  await flushed();
  expect((await listed(client, run.id)).map(({ key, value }) => [key, value])).toEqual([
    ["kept", null],
    ["tone", "stiff"],
  ]);
  expect(await client.readFeedback(kept.id)).toMatchObject({ score: 1 });
  expect(await store.number("SELECT sum(records) FROM ledger WHERE fate = 'deleted' AND reason = 'feedback'")).toBeGreaterThan(0);
});

test("a number that becomes a label counts for the session of its run, and a label that is cleared nowhere", async () => {
  const { client, run, flushed } = await begun("labelled");
  await client.createProject({ projectName: "labelled" });
  const { id: session } = await client.readProject({ projectName: "labelled" });
  const { id } = await client.createFeedback(run.id, "tone", { score: 1, traceId: run.id });
  await flushed();
  await client.updateFeedback(id, { score: null, value: "stiff" } as never);
  await flushed();
  const ofTrace = () => readTraceLabels(store.clickhouse, "default", run.id.replaceAll("-", ""), 10);
  const ofSession = () => readSessionLabels(store.clickhouse, { project: "default", session, from: new Date(0) }, 10);
  expect(await ofTrace()).toMatchObject([{ name: "tone", label: "stiff" }]);
  expect(await ofSession()).toEqual([{ name: "tone", label: "stiff", runs: 1 }]);
  await client.updateFeedback(id, { value: null } as never);
  await flushed();
  expect([await ofTrace(), await ofSession()]).toEqual([[], []]);
});

test("a project that nobody made is found by its name among very many, and its runs by no condition that is not understood", async () => {
  const at = (ms: number): string => new Date(Date.UTC(2026, 10, 26) + ms).toISOString();
  const id = (index: number): string => `01a2166c-f4c5-7000-8000-${String(index).padStart(12, "0")}`;
  const post = Array.from({ length: 1_010 }, (_, index) => ({
    ...{
      id: id(index),
      trace_id: id(index),
      dotted_order: `${at(index).replace(/[-:.]|Z$/g, "")}000Z${id(index)}`,
      name: "run",
      run_type: "chain",
    },
    ...{ session_name: `many ${index}`, start_time: at(index), end_time: at(index), inputs: {} },
  }));
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${collector.url}/runs/batch`, { method: "POST", headers, body: JSON.stringify({ post }) });
  expect(answer.status).toBe(202);
  await untilWritten(collector.url);
  const client = new Client({ apiKey: "any" });
  const [first, last] = [await client.readProject({ projectName: "many 0" }), await client.readProject({ projectName: "many 1009" })];
  expect([first.name, last.name]).toEqual(["many 0", "many 1009"]);
  // By its id one of the latest is found.
  expect((await client.readProject({ projectId: last.id })).name).toBe("many 1009");
  const asked = (body: object) =>
    fetch(`${collector.url}/runs/query`, { method: "POST", headers, body: JSON.stringify({ session: [last.id], ...body }) });
  expect(await (await asked({ skip_pagination: true, filter: null, end_time: null })).json()).toMatchObject({ runs: [{ name: "run" }] });
  const refused = await asked({ end_time: at(0) });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ message: expect.stringContaining("end_time") });
});
