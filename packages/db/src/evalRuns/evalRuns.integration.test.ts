import { once } from "node:events";
import { type EvalResult, EvalRunPlan } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClickHouseClient, createClickHouse, createScoreReader } from "../clickhouse/index.ts";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { createPrisma, createProject, type PrismaClient } from "../prisma/index.ts";
import {
  countClasses,
  createEvalRun,
  deleteEvalRun,
  endEvalRun,
  findEvalInputs,
  holdEvalRun,
  listEvalRuns,
  listEvalTries,
  openTryStore,
  readEvalTotals,
  requireEvalRun,
  streamEvalResults,
} from "./index.ts";

let stores: TestStores;
let prisma: PrismaClient;
let clickhouse: ClickHouseClient;

const NOW = new Date("2026-11-27T04:00:00.000Z");

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  clickhouse = createClickHouse(stores.clickhouseUrl);
  await createProject(prisma, { name: "p", organisation: "acme", environments: ["production"] }, NOW);
});
afterAll(async () => {
  await clickhouse.close();
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const aPlan = (name: string): EvalRunPlan =>
  EvalRunPlan.parse({
    ...{ project: "p", name, dataset: "d@1", datasetHash: "0".repeat(64), items: 4, target: "cat", scorers: [{ name: "exact" }] },
    ...{ trials: 2, unitKey: null, concurrency: 2, ratePerSecond: null, timeoutMs: 1_000 },
  });

const aRun = (name: string) => createEvalRun(prisma, aPlan(name), { actor: "ann", now: NOW });

const aResult = (position: number, trial: number, changes: Partial<EvalResult> = {}): EvalResult => ({
  ...{
    position,
    itemId: `i${position}`,
    trial,
    unit: `i${position}`,
    state: "answered",
    input: { q: position },
    expected: "a\0b",
    output: null,
  },
  ...{
    error: null,
    scores: [{ name: "exact", value: 1, passed: true, explanation: "" }],
    traceId: null,
    latencyMs: 1.5,
    costUsd: null,
    tokens: 3,
  },
  ...changes,
});

async function streamed(runId: string): Promise<EvalResult[]> {
  const results: EvalResult[] = [];
  for await (const result of streamEvalResults(prisma, runId)) results.push(result);
  return results;
}

const wrong = { scores: [{ name: "exact", value: 0, passed: false, explanation: "no\0" }] };

test("a try is claimed until it has a result, which stays", async () => {
  const run = await aRun("claims");
  const store = openTryStore(prisma, clickhouse, run, () => NOW);
  const places = [0, 1, 2].map((position) => ({ position, trial: 0 }));
  expect(await Promise.all(places.map(store.claim))).toEqual([true, true, true]);
  await store.finish(aResult(1, 0));
  await store.finish(aResult(1, 0, { output: "another" }));
  expect(await Promise.all(places.map(store.claim))).toEqual([true, false, true]);
  expect(await streamed(run.id)).toEqual([aResult(1, 0)]);
  expect(await requireEvalRun(prisma, "p", "claims")).toMatchObject({ id: run.id, finished: 1, failed: 0, endedAt: null });
});

test("results that come twice, also after their runner was killed, count once", async () => {
  const run = await aRun("counts");
  const results = [aResult(0, 0), aResult(1, 0, { ...wrong, state: "failed", error: "late" })];
  for (const _ of [1, 2]) {
    const store = openTryStore(prisma, clickhouse, run, () => NOW);
    await Promise.all(results.map(store.claim));
    await Promise.all(results.map(store.finish));
    await store.claim({ position: 2, trial: 0 });
  }
  expect(await requireEvalRun(prisma, "p", run.id)).toMatchObject({ finished: 2, failed: 1 });
  expect((await listEvalRuns(prisma, "p", 10)).find(({ name }) => name === "counts")).toMatchObject({ finished: 2, failed: 1 });
});

test("failed tries come first, then those that did not pass, and the sums are those of units", async () => {
  const run = await aRun("sums");
  const store = openTryStore(prisma, clickhouse, run, () => NOW);
  const results = [
    ...[aResult(0, 0), aResult(0, 1), aResult(1, 0), aResult(1, 1, wrong)],
    ...[aResult(2, 0, { ...wrong, state: "failed", error: "late\0" }), aResult(2, 1, wrong)],
  ];
  await Promise.all(results.map(async (result) => (await store.claim(result)) && store.finish(result)));
  const { tries, total } = await listEvalTries(prisma, run.id, {}, { skip: 0, rowsMax: 4 });
  expect([total, ...tries.map(({ position, trial }) => `${position}/${trial}`)]).toEqual([6, "2/0", "1/1", "2/1", "0/0"]);
  expect((await listEvalTries(prisma, run.id, { failing: "exact", state: "answered" }, { skip: 1, rowsMax: 4 })).total).toBe(2);
  expect(await readEvalTotals(prisma, run.id)).toEqual([
    {
      ...{ name: "exact", passed: 3, min: 0, max: 1, unscored: 0 },
      sums: { units: 3, count: 6, sum: 3, sumOfSquares: 5, sumTimesCount: 6, countOfSquares: 12 },
      trials: expect.arrayContaining([
        { items: [{ passed: 2, total: 2, tasks: 1 }], units: 1 },
        { items: [{ passed: 1, total: 2, tasks: 1 }], units: 1 },
        { items: [{ passed: 0, total: 2, tasks: 1 }], units: 1 },
      ]),
    },
  ]);
  await endEvalRun(prisma, run.id, NOW);
  const [latest] = (await listEvalRuns(prisma, "p", 10)).filter(({ name }) => name === "sums");
  expect(latest).toMatchObject({ finished: 6, failed: 1, endedAt: NOW.toISOString() });
});

test("tries that a scorer could not score are counted, and are in no other figure", async () => {
  const run = await aRun("unscored");
  const store = openTryStore(prisma, clickhouse, run, () => NOW);
  const failure = { name: "closed", value: 0, passed: null, explanation: "no score: no key", isFailure: true as const };
  const score = { name: "closed", value: 0.5, passed: true, explanation: "" };
  const results = [
    aResult(0, 0, { scores: [failure, { ...failure, name: "never" }] }),
    aResult(0, 1, { scores: [score, { ...failure, name: "never" }] }),
    aResult(1, 0, { scores: [failure] }),
  ];
  await Promise.all(results.map(async (result) => (await store.claim(result)) && store.finish(result)));
  const none = { units: 0, count: 0, sum: 0, sumOfSquares: 0, sumTimesCount: 0, countOfSquares: 0 };
  expect(await readEvalTotals(prisma, run.id)).toEqual([
    {
      ...{ name: "closed", passed: 1, min: 0.5, max: 0.5, unscored: 2 },
      sums: { units: 1, count: 1, sum: 0.5, sumOfSquares: 0.25, sumTimesCount: 0.5, countOfSquares: 1 },
      trials: expect.arrayContaining([
        { items: [{ passed: 1, total: 1, tasks: 1 }], units: 1 },
        { items: [{ passed: 0, total: 0, tasks: 1 }], units: 1 },
      ]),
    },
    { name: "never", passed: null, min: 0, max: 0, unscored: 2, sums: none, trials: [] },
  ]);
});

test("trials are those of an item, and items of a unit stand together", async () => {
  const run = await aRun("units");
  const store = openTryStore(prisma, clickhouse, run, () => NOW);
  const places = [0, 1, 2, 3].flatMap((position) => [0, 1].map((trial) => ({ position, trial, unit: `c${position >> 1}` })));
  const results = places.map(({ position, trial, unit }) => aResult(position, trial, { unit, ...(position % 2 === 0 ? {} : wrong) }));
  await Promise.all(results.map(async (result) => (await store.claim(result)) && store.finish(result)));
  const items = [0, 2].map((passed) => ({ passed, total: 2, tasks: 1 }));
  expect(await readEvalTotals(prisma, run.id)).toMatchObject([{ sums: { units: 2, count: 8, sum: 4 }, trials: [{ items, units: 2 }] }]);
});

test("a run is deleted with its tries, or only while it has none", async () => {
  const run = await aRun("deleted");
  const store = openTryStore(prisma, clickhouse, run, () => NOW);
  await store.claim({ position: 0, trial: 0 });
  await store.finish(aResult(0, 0));
  expect(await deleteEvalRun(prisma, run, { ifEmpty: true })).toBe(false);
  expect(await deleteEvalRun(prisma, { ...run, project: "default" })).toBe(false);
  expect(await deleteEvalRun(prisma, run)).toBe(true);
  await expect(requireEvalRun(prisma, "p", run.id)).rejects.toMatchObject({ code: "not_found" });
  expect(await prisma.evalTryRow.count({ where: { runId: run.id } })).toBe(0);
});

test("classes are counted as expected and given, named by a text or a field; what is no class of the run is none", async () => {
  const run = await aRun("classes");
  const store = openTryStore(prisma, clickhouse, run, () => NOW);
  const results = [
    aResult(0, 0, { expected: "lost", output: " lost\n" }),
    aResult(1, 0, { expected: "lost", output: { intent: "stolen" } }),
    aResult(2, 0, { expected: { intent: "stolen" }, output: "who knows" }),
    aResult(3, 0, { expected: "lost", output: null, state: "failed", error: "late" }),
    aResult(3, 1, { expected: 7, output: "lost" }),
  ];
  await Promise.all(results.map(async (result) => (await store.claim(result)) && store.finish(result)));
  const counts = await countClasses(prisma, run.id, { field: "intent", classesMax: 2 });
  expect(counts).toEqual(
    expect.arrayContaining([
      { expected: "lost", given: "lost", count: 1 },
      { expected: "lost", given: "stolen", count: 1 },
      { expected: "lost", given: null, count: 1 },
      { expected: "stolen", given: null, count: 1 },
    ]),
  );
  expect(counts).toHaveLength(4);
  expect(await countClasses(prisma, run.id, { field: "intent", classesMax: 1 })).toBeUndefined();
  expect(await countClasses(prisma, run.id, { field: null, classesMax: 1 })).toHaveLength(2);
});

test("scores stand on the trace that a result names, once", async () => {
  const run = await aRun("traced");
  const traceId = "c".repeat(32);
  for (let time = 0; time < 2; time += 1) {
    const store = openTryStore(prisma, clickhouse, run, () => NOW);
    await store.claim({ position: 0, trial: 0 });
    await store.finish(aResult(0, 0, { traceId }));
  }
  const scores = await createScoreReader(clickhouse).ofTrace("p", traceId, 10);
  expect(scores).toMatchObject([{ name: "exact", value: 1, label: "pass", scorer: "eval" }]);
});

test("a try that is made again, and answered otherwise, takes the place of what its trace says", async () => {
  const run = await aRun("made again");
  const traceId = "d".repeat(32);
  const store = openTryStore(prisma, clickhouse, run, () => NOW);
  await store.claim({ position: 0, trial: 0 });
  await store.finish(aResult(0, 0, { traceId }));
  await prisma.evalTryRow.updateMany({ where: { runId: run.id }, data: { state: "claimed" } });
  await store.finish(aResult(0, 0, { ...wrong, traceId }));
  expect(await createScoreReader(clickhouse).ofTrace("p", traceId, 10)).toMatchObject([{ name: "exact", value: 0, label: "fail" }]);
});

test("what was asked is told as the first of the runs that has the item was asked", async () => {
  const runs = [await aRun("asked first"), await aRun("asked next")];
  for (const [index, run] of runs.entries()) {
    const store = openTryStore(prisma, clickhouse, run, () => NOW);
    for (const position of index === 0 ? [1] : [0, 1]) {
      await store.claim({ position, trial: 0 });
      await store.finish(aResult(position, 0, { input: { asked: index } }));
    }
  }
  const ids = runs.map(({ id }) => id);
  const asked = async (of: string[]) => Object.fromEntries(await findEvalInputs(prisma, of, ["i0", "i1"]));
  expect(await asked(ids)).toEqual({ i0: { asked: 1 }, i1: { asked: 0 } });
  expect(await asked(ids.toReversed())).toEqual({ i0: { asked: 1 }, i1: { asked: 1 } });
});

test("a text that ends within a letter leaves its run readable", async () => {
  const run = await aRun("half a letter");
  const store = openTryStore(prisma, clickhouse, run, () => NOW);
  await store.claim({ position: 0, trial: 0 });
  const said = `no answer: ${"😭".slice(0, 1)}`;
  const scores = [{ name: "exact", value: 0, passed: false, explanation: said }];
  await store.finish(aResult(0, 0, { state: "failed", error: said, scores, traceId: "e".repeat(32) }));
  expect(await readEvalTotals(prisma, run.id)).toMatchObject([{ name: "exact", passed: 0 }]);
  expect((await listEvalTries(prisma, run.id, {}, { skip: 0, rowsMax: 1 })).tries).toMatchObject([{ error: "no answer: \u{fffd}" }]);
});

test("a run is held by one process at a time", async () => {
  const run = await aRun("held");
  {
    await using _held = await holdEvalRun(stores.databaseUrl, run.id);
    await expect(holdEvalRun(stores.databaseUrl, run.id)).rejects.toMatchObject({ code: "conflict" });
  }
  await using again = await holdEvalRun(stores.databaseUrl, run.id);
  expect(again.lost.aborted).toBe(false);
});

test("a hold whose connection ends is lost, and says so", async () => {
  const run = await aRun("lost");
  await using held = await holdEvalRun(stores.databaseUrl, run.id);
  const lost = once(held.lost, "abort");
  await prisma.$queryRaw`SELECT pg_terminate_backend(pid)::text FROM pg_locks WHERE locktype = 'advisory' AND objid = hashtext(${run.id})::bit(32)::bigint::oid`;
  await lost;
  expect(held.lost.reason).toMatchObject({ code: "conflict" });
  await using _again = await holdEvalRun(stores.databaseUrl, run.id);
});

test("a run that is not there, and a project that is not, are said", async () => {
  await expect(requireEvalRun(prisma, "p", "nothing")).rejects.toThrow("Project p has no eval run nothing.");
  await expect(createEvalRun(prisma, { ...aPlan("x"), project: "nobody" }, { actor: "ann", now: NOW })).rejects.toMatchObject({
    code: "not_found",
  });
});
