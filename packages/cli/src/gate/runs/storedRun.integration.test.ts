import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createEvalRun, endEvalRun, openTryStore, streamEvalResults } from "@signalbox/db/evalRuns";
import { createPrisma, createProject, type PrismaClient } from "@signalbox/db/prisma";
import { type EvalResult, type EvalRun, EvalRunPlan, GatePolicy, type OfflinePolicy } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeResultFile } from "../../eval/resultFile.ts";
import type { FoundRun } from "./foundRun.ts";
import { readRunFile } from "./runFile.ts";
import { namedRun, productionRun } from "./storedRun.ts";

const NOW = new Date("2026-11-27T04:00:00.000Z");
let stores: TestStores;
let prisma: PrismaClient;
/** The number of runs so far, each begun a millisecond after the one before. */
let made = 0;

const POLICY = GatePolicy.parse({
  apiVersion: "gates/v1",
  kind: "GatePolicy",
  metadata: { name: "a" },
  spec: { offline: { dataset: "d@v1", metrics: [{ name: "near", kind: "binary", nonInferiorityMargin: 0.03 }] } },
}).spec.offline as OfflinePolicy;

/** A run of one answered item and one that failed. */
async function aRun(name: string, change: Partial<EvalRunPlan> = {}, isOver = true): Promise<EvalRun> {
  const plan = EvalRunPlan.parse({
    ...{ project: "p", name, dataset: "d@1", datasetHash: "0".repeat(64), items: 2, target: "agent", scorers: [{ name: "near" }] },
    ...{ trials: 1, unitKey: null, concurrency: 1, ratePerSecond: null, timeoutMs: 1_000, ...change },
  });
  made += 1;
  const run = await createEvalRun(prisma, plan, { actor: "ann", now: new Date(NOW.getTime() + made) });
  const clickhouse = createClickHouse(stores.clickhouseUrl);
  const tries = openTryStore(prisma, clickhouse, run, () => NOW);
  const result = (position: number, value: number, passed: boolean, state: EvalResult["state"]): EvalResult => ({
    ...{ position, itemId: `i${position}`, trial: 0, unit: "talk", state, input: 1, expected: 1, output: null, error: null },
    ...{ scores: [{ name: "near", value, passed, explanation: "" }], traceId: "a".repeat(32), latencyMs: 1, costUsd: null, tokens: null },
  });
  for (const one of [result(0, 0.8, true, "answered"), result(1, 0, false, "failed")]) if (await tries.claim(one)) await tries.finish(one);
  if (isOver) await endEvalRun(prisma, run.id, NOW);
  await clickhouse.close();
  return run;
}

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  await createProject(prisma, { name: "p", organisation: "acme", environments: ["production"] }, NOW);
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

test("a run by name has its dataset, and for a binary metric what passed", async () => {
  await aRun("mine", { target: "cat" });
  expect((await namedRun(prisma, "p", "mine", POLICY)).run).toEqual({
    name: "mine",
    dataset: { name: "d@1", hash: "0".repeat(64) },
    unitKey: null,
    trials: [
      { item: "i0", cluster: "talk", failed: false, scores: { near: 1 }, unscored: [], traceId: "a".repeat(32) },
      { item: "i1", cluster: "talk", failed: true, scores: { near: 0 }, unscored: [], traceId: "a".repeat(32) },
    ],
  });
});

test("a run that is not over, and one that there is not, are refused", async () => {
  await aRun("half", { target: "cat", items: 5 }, false);
  await expect(namedRun(prisma, "p", "half", POLICY)).rejects.toMatchObject({
    code: "conflict",
    message: "The run half is not over: 2 of 5 tries have a result.",
  });
  await expect(namedRun(prisma, "p", "none", POLICY)).rejects.toMatchObject({ code: "not_found" });
});

test("production is the latest run of what serves, over and on the policy's dataset", async () => {
  expect(await productionRun(prisma, "p", POLICY, null)).toBeNull();
  await aRun("served");
  await aRun("another dataset", { dataset: "e@1" });
  await aRun("not yet over", {}, false);
  expect((await productionRun(prisma, "p", POLICY, null))?.run.name).toBe("served");
});

test("production is never the candidate's own run, nor the one that wrote its file", async () => {
  const run = await aRun("latest");
  const production = async (candidate: FoundRun) => (await productionRun(prisma, "p", POLICY, candidate))?.run.name;
  expect(await production(await namedRun(prisma, "p", "latest", POLICY))).toBe("served");

  const file = join(mkdtempSync(join(tmpdir(), "signalbox-gate-")), "latest.jsonl");
  await writeResultFile(file, run, streamEvalResults(prisma, run.id));
  expect(await production(await readRunFile(file, POLICY))).toBe("served");
  rmSync(dirname(file), { recursive: true });
});
