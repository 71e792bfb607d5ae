import {
  DatasetItemContent,
  datasetItemHashes,
  datasetVersionHash,
  EMPTY_CHAIN,
  type ErasureSubject,
  EvalRunPlan,
  newId,
  ReplayPlan,
  ScoreRuleDraft,
  sealDecision,
  TaskRequest,
  traceIdOf,
} from "@signalbox/model";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addAnnotationItems, claimAnnotationItem, createAnnotationQueue, labelAnnotationItem } from "../../annotations/index.ts";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createEvalRun } from "../../evalRuns/index.ts";
import { createPrisma } from "../client.ts";
import { resolveDataset } from "../datasets/datasetStore.ts";
import { listDatasetItems } from "../datasets/readDatasetItems.ts";
import { writeDataset } from "../datasets/writeDataset.ts";
import type { PrismaClient } from "../generated/client.ts";
import { putKnowledge } from "../memory/knowledgeStore.ts";
import { recallTurns, rememberTurns } from "../memory/memoryStore.ts";
import { createProject } from "../projects/projectStore.ts";
import { readReplayBatch, startReplays } from "../replays/replayBatchStore.ts";
import { cancelReplays, claimReplay } from "../replays/replayClaims.ts";
import { keepReplays } from "../replays/replayStore.ts";
import { claimTraces } from "../scoreRules/scoreClaims.ts";
import { setScoreRule } from "../scoreRules/scoreRuleStore.ts";
import { admitTasks } from "../tasks/admissionStore.ts";
import { storeEvaluation } from "../tasks/evaluationStore.ts";
import { openJournalStore } from "../tasks/journalStore.ts";
import { previewErasure, recordErasure } from "./erasureStore.ts";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const NOW_US = 1_795_435_200_000_000;

/** A dead task with a row in every table that the agent writes to. */
async function aTask(project: string, user: string, session: string): Promise<string> {
  const id = newId();
  const request = TaskRequest.parse({ id, project, name: "t", domain: "airline", world: "w", message: `I am ${user}`, user, session });
  const decision = sealDecision(EMPTY_CHAIN, {
    ...{ project, taskId: id, kind: "routed" as const, time: "2026-01-02T03:04:05.678Z", attempt: 1, traceId: traceIdOf(id), spanId: null },
    ...{ actor: { service: "test", version: "1" }, chosen: user, confidence: null, reason: "", detail: {} },
  });
  await admitTasks(prisma, [
    { id, request, requestHash: "h", traceId: traceIdOf(id), createdAt: new Date(NOW_US / 1_000), idempotencyKey: null, routed: decision },
  ]);
  await openJournalStore(prisma).claimTask({ taskId: id, worker: "w", version: "1", nowUs: NOW_US });
  const stage = {
    kind: "understand" as const,
    input: { message: `I am ${user}` },
    output: { intent: "other", confidence: 1, abstained: false, slots: {} },
  };
  const at = { startedUs: NOW_US, finishedUs: NOW_US };
  const time = new Date(NOW_US / 1_000).toISOString();
  const letter = {
    ...{ id: newId(), taskId: id, run: 1, project, cause: "not_retryable" as const, fingerprint: "f", message: user, payload: request },
    ...{ kind: "task" as const, service: "test", tool: null, errorClass: "Error", errorChain: [], frame: null },
    ...{ attempts: [], decisionHead: decision, traceId: traceIdOf(id), versions: [], firstFailedAt: time, lastFailedAt: time },
  };
  const error = { class: "Error", message: user };
  const ending = { kind: "dead" as const, error, result: null, letter, finishedUs: NOW_US };
  const step = { step: 1, attempt: 1, stage, modelUse: null, ...at };
  const progress = { steps: [step], decisions: [], spans: [0, 1], ending };
  expect(await openJournalStore(prisma).recordProgress({ taskId: id, attempt: 1, head: decision, progress })).toBe(true);
  const evaluation = { taskId: id, reward: 1 as const, dataMatches: true, outputsMatch: true, dataHash: "" };
  await storeEvaluation(prisma, evaluation, { finishedAt: new Date(NOW_US / 1_000), evaluatedAt: new Date() });
  await rememberTurns(prisma, [{ project, session, turnId: `${id}:0`, role: "user", content: user, expiresAt: new Date() }]);
  await rememberTurns(prisma, [{ project, session, turnId: `${id}:1`, role: "assistant", content: user, expiresAt: new Date() }]);
  const scene = { world: "w", overlay: id };
  await prisma.toolEffect.create({ data: { ...scene, idempotencyKey: "k", call: {}, answer: {} } });
  await prisma.worldDocument.create({ data: { ...scene, domain: "banking", kind: "cards", id: "c", document: {} } });
  await prisma.airlineReservation.create({ data: { ...scene, id: "r", document: {} } });
  await prisma.airlineUser.create({ data: { ...scene, id: "u", document: {} } });
  await prisma.airlineFlight.create({ data: { ...scene, id: "f", position: 0, origin: "", destination: "", document: {} } });
  return id;
}

/** The rows of one such task, by table. */
const OF_ONE = {
  ...{ memory_turn: 2, outbox: 2, evaluation: 1, dead_letter: 1, attempt: 1, step: 1, decision: 1 },
  ...{ tool_effect: 1, world_document: 1, airline_flight: 1, airline_reservation: 1, airline_user: 1, task: 1 },
};

/** The rows that name such a task, including the news for the next checkpoint. */
const NAMED = { ...OF_ONE, checkpoint_news: 1 };

/** The tables with rows that contain a text, and their number. */
async function rowsWith(text: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: stores.databaseUrl });
  await client.connect();
  const found: Record<string, number> = {};
  const { rows: tables } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace ORDER BY relname",
  );
  for (const { name } of tables) {
    const { rows } = await client.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM ${pg.escapeIdentifier(name)} AS t WHERE strpos(t::text, $1) > 0`,
      [text],
    );
    if (rows[0]?.rows !== 0) found[name] = rows[0]?.rows ?? -1;
  }
  await client.end();
  return found;
}

const erase = (project: string, subject: ErasureSubject) =>
  recordErasure(prisma, { project, subject, actor: "test", clock: Date.now }, async () => []);

const asRecord = (tables: { table: string; rows: number }[]) => Object.fromEntries(tables.map(({ table, rows }) => [table, rows]));

test.each(["trace", "user", "session", "project"] as const)(
  "a %s goes from every table of the agent, as the preview said",
  async (kind) => {
    const project = `of-${kind}`;
    const [ann, bob] = [await aTask(project, `ann-${kind}`, `s-ann-${kind}`), await aTask(`${project}-not`, "bob", `s-ann-${kind}`)];
    const other = kind === "project" ? bob : await aTask(project, "carl", "s-carl");
    const values = { trace: traceIdOf(ann), user: `ann-${kind}`, session: `s-ann-${kind}` };
    const subject: ErasureSubject = kind === "project" ? { kind } : { kind, value: values[kind] };
    expect(await rowsWith(ann)).toEqual(NAMED);
    expect(asRecord(await previewErasure(prisma, { project, subject }, async () => []))).toEqual(OF_ONE);
    expect(asRecord(await erase(project, subject))).toEqual(OF_ONE);
    expect(await rowsWith(ann)).toEqual({});
    expect(await rowsWith(`I am ann-${kind}`)).toEqual({});
    for (const kept of [bob, other]) expect(await rowsWith(kept)).toEqual(NAMED);
    expect(await erase(project, subject)).toEqual([]);
  },
);

test("what a session said is forgotten, and what a user said in it goes alone", async () => {
  const project = "talk";
  await aTask(project, "ann", "shared");
  const carl = await aTask(project, "carl", "shared");
  await rememberTurns(prisma, [{ project, session: "shared", turnId: "by hand", role: "user", content: "x", expiresAt: new Date() }]);
  expect(asRecord(await erase(project, { kind: "user", value: "ann" }))).toEqual(OF_ONE);
  expect(await rowsWith(carl)).toEqual(NAMED);
  expect(asRecord(await erase(project, { kind: "session", value: "shared" }))).toEqual({ ...OF_ONE, memory_turn: 3 });
});

test("what is remembered while a session is being erased goes, too", async () => {
  const [project, session] = ["busy", "s"];
  const id = await aTask(project, "ann", session);
  const worker = new pg.Client({ connectionString: stores.databaseUrl });
  await worker.connect();
  // A worker that holds its task stalls the erasure between the memory, which is gone, and the tasks.
  await worker.query("BEGIN");
  await worker.query("SELECT FROM task WHERE id = $1 FOR KEY SHARE", [id]);
  const erasing = erase(project, { kind: "session", value: session });
  await expect.poll(() => prisma.memoryTurn.count({ where: { project } })).toBe(0);
  await rememberTurns(prisma, [{ project, session, turnId: `${id}:2`, role: "user", content: "late", expiresAt: new Date() }]);
  await worker.query("COMMIT");
  await worker.end();
  expect(asRecord(await erasing)).toEqual({ ...OF_ONE, memory_turn: 3 });
  expect(await rowsWith(id)).toEqual({});
});

test("what a project's agents may look up goes with the project, and with nobody else", async () => {
  const project = "knowing";
  await createProject(prisma, { name: project, organisation: "acme", environments: ["production"] }, new Date());
  const document = { id: "d", title: "Ann", text: "ann likes tea", attributes: {} };
  const documents = [{ document, digest: "d", chunks: [{ text: "ann likes tea", vector: Float32Array.of(1) }] }];
  await putKnowledge(prisma, { project, embedder: "hashed", documents, now: new Date() });
  expect(await erase(project, { kind: "user", value: "ann" })).toEqual([]);
  expect(asRecord(await erase(project, { kind: "project" }))).toEqual({ knowledge_chunk: 1, knowledge_document: 1, knowledge_base: 1 });
  expect(await rowsWith("ann likes tea")).toEqual({});
});

test("a worker whose task was erased meanwhile writes nothing of it", async () => {
  const id = newId();
  const request = TaskRequest.parse({ id, name: "t", domain: "airline", world: "w", message: "m", user: "dora" });
  const facts = { project: "default", taskId: id, kind: "routed" as const, time: "2026-01-02T03:04:05.678Z", attempt: 1 };
  const more = { actor: { service: "test", version: "1" }, chosen: "", confidence: null, reason: "", detail: {}, spanId: null };
  const first = sealDecision(EMPTY_CHAIN, { ...facts, ...more, traceId: traceIdOf(id) });
  await admitTasks(prisma, [
    { id, request, requestHash: "h", traceId: traceIdOf(id), createdAt: new Date(), idempotencyKey: null, routed: first },
  ]);
  await openJournalStore(prisma).claimTask({ taskId: id, worker: "w", version: "1", nowUs: NOW_US });
  await erase("default", { kind: "user", value: "dora" });
  const late = { steps: [], decisions: [sealDecision(first, { ...facts, ...more, traceId: traceIdOf(id) })], spans: [0], ending: null };
  expect(await openJournalStore(prisma).recordProgress({ taskId: id, attempt: 1, head: first, progress: late })).toBe(false);
  const at = { project: "default", session: "s-dora", role: "user", expiresAt: new Date(Date.now() + 60_000) };
  const [others, alone] = [await aTask("default", "erna", "s-erna"), newId()];
  const said = [`${id}:0`, `${others}:0`, "z: by hand", alone, "by hand"].map((turnId) => ({ ...at, turnId, content: turnId }));
  await rememberTurns(prisma, said);
  const [turns = []] = await recallTurns(prisma, [at], { now: new Date(), turnsMax: 9 });
  expect(turns.map(({ content }) => content)).toEqual([`${others}:0`, "z: by hand", alone, "by hand"]);
  expect(await rowsWith(id)).toEqual({});
});

test("a task that is being replayed is not erased until the replay has ended, and its worker has heard of it", async () => {
  const taskId = await aTask("default", "fay", "s-fay");
  const order = { plan: ReplayPlan.parse({ mode: "live" }), actor: "ada", reason: null, batch: null, now: new Date() };
  const [id = ""] = await keepReplays(prisma, "default", [{ taskId, build: null }], order);
  expect(await claimReplay(prisma, { build: "b", isAlone: true })).toMatchObject({ id });
  const subject = { kind: "user", value: "fay" } as const;
  await expect(erase("default", subject)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(id) });
  expect(await rowsWith(taskId)).toMatchObject({ task: 1, replay: 1 });
  await cancelReplays(prisma, { project: "default", id, actor: "ada", reason: "erasure", now: new Date() });
  await expect(erase("default", subject)).rejects.toMatchObject({ code: "conflict" });
  await prisma.$executeRaw`UPDATE replay SET ended_at = now() - interval '21 seconds' WHERE id = ${id}::uuid`;
  expect(asRecord(await erase("default", subject))).toMatchObject({ task: 1, replay: 1 });
});

test("a batch of replays outlives those of an erased task, and goes with its project, after its replays", async () => {
  const project = "batched";
  const order = { plan: ReplayPlan.parse({}), actor: "ada", reason: null, now: new Date() };
  const start = (taskId: string) => startReplays(prisma, { project, fingerprint: "f" }, [taskId], order);
  const id = await start(await aTask(project, "gil", "s-gil"));
  await start(await aTask(project, "hal", "s-hal"));
  expect(asRecord(await erase(project, { kind: "user", value: "gil" }))).toMatchObject({ task: 1, replay: 1 });
  expect(await readReplayBatch(prisma, project, id)).toMatchObject({ wanted: 1, replays: 0 });
  expect(asRecord(await previewErasure(prisma, { project, subject: { kind: "project" } }, async () => []))).toMatchObject({
    replay_batch: 2,
  });
  expect(asRecord(await erase(project, { kind: "project" }))).toMatchObject({ task: 1, replay: 1, replay_batch: 2 });
});

test("the decision log goes with nothing but an erasure that is on record, of its project, and not over", async () => {
  const id = await aTask("log", "ann", "s");
  await erase("log", { kind: "user", value: "nobody" });
  const [over] = await prisma.erasureRow.findMany({ where: { project: "log" } });
  const elsewhere = await prisma.erasureRow.create({
    data: { id: newId(), project: "other", kind: "project", subjectDigest: "0".repeat(64), actor: "test", begunAt: new Date() },
  });
  for (const erasure of ["", newId(), over?.id ?? "", elsewhere.id])
    await expect(
      prisma.$transaction([
        prisma.$queryRaw`SELECT set_config('signalbox.erasure', ${erasure}, true)`,
        prisma.$executeRaw`DELETE FROM decision WHERE task_id = ${id}::uuid`,
      ]),
    ).rejects.toThrow("append-only: DELETE is refused");
});

test("items of datasets that were made from a subject's traces or tasks go from every version, and what is left is the next one", async () => {
  await createProject(prisma, { name: "kept", organisation: "acme", environments: ["production"] }, new Date());
  const taskId = await aTask("kept", "ann", "s-ann");
  const item = (input: string, source: object | null) => ({
    kind: "put" as const,
    id: input,
    content: DatasetItemContent.parse({ input, source }),
  });
  const write = { project: "kept", name: "d", duplicates: "keep" as const, note: "", actor: "test", now: new Date(NOW_US / 1_000) };
  const changes = [
    item("of the task", { taskId }),
    item("of its trace", { traceId: traceIdOf(taskId) }),
    item("of a trace of hers", { traceId: "t-1" }),
    item("of nobody", null),
  ];
  await writeDataset(prisma, { ...write, changes: [changes], create: true });
  await writeDataset(prisma, {
    ...write,
    changes: [[{ ...item("of its trace", { traceId: traceIdOf(taskId) }), content: DatasetItemContent.parse({ input: "edited" }) }]],
  });
  const act = {
    project: "kept",
    subject: { kind: "user" as const, value: "ann" },
    traces: async () => ["t-1"],
    actor: "test",
    clock: () => NOW_US / 1_000,
  };
  expect(await previewErasure(prisma, act, async () => [])).toContainEqual({ table: "dataset_item", rows: 4 });
  for (const rows of [4, 0]) {
    const gone = await recordErasure(prisma, act, async () => []);
    expect(gone.find(({ table }) => table === "dataset_item")?.rows ?? 0).toBe(rows);
  }
  const { dataset, version } = await resolveDataset(prisma, "kept", { name: "d", version: { kind: "latest" } });
  expect(version).toMatchObject({
    number: 3,
    items: 1,
    removed: 3,
    actor: "test",
    hash: datasetVersionHash([datasetItemHashes(item("of nobody", null).content).hash]),
  });
  for (const number of [1, 2, 3])
    expect((await listDatasetItems(prisma, dataset.id, number, {}, 10)).map(({ id }) => id)).toEqual(["of nobody"]);
});

test("traces of a subject go from annotation queues, with what people said of them", async () => {
  await createProject(prisma, { name: "labelled", organisation: "acme", environments: ["production"] }, new Date());
  const now = new Date(NOW_US / 1_000);
  const taskId = await aTask("labelled", "ann", "s-ann");
  const kind = { type: "pass_fail" as const };
  const asked = { project: "labelled", name: "q", question: "?", kind, scoreName: "q", instructions: "", overlap: 1 };
  const queue = await createAnnotationQueue(prisma, asked, { createdBy: "bob", now });
  const traces = [traceIdOf(taskId), traceIdOf("hers"), traceIdOf("another's")];
  const subjects = traces.map((traceId) => ({ traceId, spanId: null }));
  await addAnnotationItems(prisma, queue.id, subjects, { addedBy: "bob", now });
  for (const _ of traces) {
    const item = await claimAnnotationItem(prisma, queue, { person: "bob", except: [], now });
    await labelAnnotationItem(prisma, queue, { itemId: item?.id ?? "", person: "bob", value: 1, note: "names her", now });
  }
  const subject = { kind: "user" as const, value: "ann" };
  const act = { project: "labelled", subject, traces: async () => [traceIdOf("hers")], actor: "test", clock: () => now.getTime() };
  const rows = [
    { table: "annotation", rows: 2 },
    { table: "annotation_item", rows: 2 },
  ];
  expect(await previewErasure(prisma, act, async () => [])).toEqual(expect.arrayContaining(rows));
  expect(await recordErasure(prisma, act, async () => [])).toEqual(expect.arrayContaining(rows));
  const left = await prisma.annotationItemRow.findMany({ where: { queueId: queue.id }, include: { annotations: true } });
  expect(left.map(({ traceId, annotations }) => [traceId, annotations.length])).toEqual([[traceIdOf("another's"), 1]]);
});

test("tries of eval runs go with the subject of their trace or of their item, the run counts what is left, and no score rule remembers the trace", async () => {
  const project = "tried";
  await createProject(prisma, { name: project, organisation: "acme", environments: ["production"] }, new Date());
  const now = new Date(NOW_US / 1_000);
  const taskId = await aTask(project, "ann", "s-ann");
  const content = DatasetItemContent.parse({ input: "hers", source: { taskId } });
  const changes = [[{ kind: "put" as const, id: "made of hers", content }]];
  await writeDataset(prisma, { project, name: "d", changes, create: true, duplicates: "keep", note: "", actor: "test", now });
  const plan = EvalRunPlan.parse({
    ...{ project, name: "run", dataset: "d@1", datasetHash: "a".repeat(64), items: 4, target: "agent", trials: 1, unitKey: null },
    ...{ scorers: [{ name: "exact" }], concurrency: 1, ratePerSecond: null, timeoutMs: 1_000 },
  });
  const run = await createEvalRun(prisma, plan, { actor: "test", now });
  const tries = [
    { itemId: "a", traceId: traceIdOf(taskId) },
    { itemId: "b", traceId: traceIdOf("hers") },
    { itemId: "made of hers", traceId: null },
    { itemId: "another's", traceId: traceIdOf("another's") },
  ];
  const outcome = { unit: "u", input: "i", expected: "e", output: "o", scores: [], latencyMs: 1 };
  await prisma.evalTryRow.createMany({
    data: tries.map((one, position) => ({
      runId: run.id,
      position,
      trial: 0,
      state: position === 1 ? "failed" : "answered",
      ...one,
      ...outcome,
    })),
  });
  await prisma.evalRunRow.update({ where: { id: run.id }, data: { finished: 4, failed: 1 } });
  const draft = ScoreRuleDraft.parse({ project, name: "r", scorers: [{ name: "latency", options: { maxMs: 1 } }] });
  const rule = await setScoreRule(prisma, draft, { actor: "test", now });
  const claims = { ruleId: rule.id, version: 1, tracesPerHourMax: null };
  await claimTraces(prisma, claims, [traceIdOf("hers"), traceIdOf("another's")], { holder: "h", leaseMs: 1_000 });

  const subject = { kind: "user" as const, value: "ann" };
  const act = { project, subject, traces: async () => [traceIdOf("hers")], actor: "test", clock: () => now.getTime() };
  const rows = [
    { table: "eval_try", rows: 3 },
    { table: "score_claim", rows: 1 },
  ];
  expect(await previewErasure(prisma, act, async () => [])).toEqual(expect.arrayContaining(rows));
  expect(await recordErasure(prisma, act, async () => [])).toEqual(expect.arrayContaining(rows));
  expect((await prisma.evalTryRow.findMany({ where: { runId: run.id } })).map(({ itemId }) => itemId)).toEqual(["another's"]);
  expect(await prisma.evalRunRow.findUnique({ where: { id: run.id } })).toMatchObject({ finished: 1, failed: 0 });
  expect((await prisma.scoreClaimRow.findMany({ where: { ruleId: rule.id } })).map(({ traceId }) => traceId)).toEqual([
    traceIdOf("another's"),
  ]);
});
