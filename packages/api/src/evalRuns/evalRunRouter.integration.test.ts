import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createEvalRun } from "@signalbox/db/evalRuns";
import { createPrisma } from "@signalbox/db/prisma";
import { EvalRunPlan } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createCaller } from "../appRouter.ts";
import type { Context } from "../context.ts";

let stores: TestStores;
let context: Context;

const NOW = new Date("2026-11-27T04:00:00.000Z");

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  const state = createPrisma(stores.databaseUrl);
  context = { state, bulk: state, now: Date.now } as unknown as Context;
});
afterAll(async () => {
  await context.state.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const evalRuns = () => createCaller(context).evalRuns;

/** A run that answered every item with `outputs`, in the order of the items. */
async function aRun(name: string, outputs: readonly string[], expected: (position: number) => string, scorer = "exact"): Promise<string> {
  const plan = EvalRunPlan.parse({
    ...{ project: "default", name, dataset: "d@1", datasetHash: "a".repeat(64), items: outputs.length, target: "agent", trials: 1 },
    ...{ unitKey: null, scorers: [{ name: scorer }], concurrency: 1, ratePerSecond: null, timeoutMs: 1_000 },
  });
  const { id } = await createEvalRun(context.state, plan, { actor: "ann", now: NOW });
  await context.state.evalTryRow.createMany({
    data: outputs.map((output, position) => {
      const passed = output === expected(position);
      const scores = [{ name: scorer, value: passed ? 1 : 0, passed, explanation: "" }];
      return {
        ...{
          runId: id,
          position,
          trial: 0,
          state: "answered",
          itemId: `i${position}`,
          unit: `i${position}`,
          input: { question: `Question ${position}?` },
        },
        ...{ expected: expected(position), output, scores, latencyMs: 1 },
      };
    }),
  });
  await context.state.evalRunRow.update({ where: { id }, data: { finished: outputs.length } });
  return id;
}

test("a comparison is of every shared item, its rows come a page at a time, regressions first, and are filtered before they are cut", async () => {
  const items = 450;
  const before = await aRun(
    "before",
    Array.from({ length: items }, (_, position) => (position === 3 ? "no" : "yes")),
    () => "yes",
  );
  const after = await aRun(
    "after",
    Array.from({ length: items }, (_, position) => (position >= 449 ? "no" : "yes")),
    () => "yes",
  );
  const ids = [before, after];
  const compared = await evalRuns().compare({ ids });
  expect(compared).toMatchObject({ items, comparisons: [{ items: { shared: items } }] });
  expect(compared.changes).toEqual([
    { metric: null, change: "regressed", items: 1 },
    { metric: null, change: "improved", items: 1 },
    { metric: "exact", change: "regressed", items: 1 },
    { metric: "exact", change: "improved", items: 1 },
  ]);

  const wordWith = async (margins?: Record<string, number>) => {
    const { comparisons } = await evalRuns().compare({ ids, ...(margins === undefined ? {} : { margins }) });
    return comparisons[0]?.metrics.map(({ word, margin, isNonInferior }) => ({ word, margin, isNonInferior }));
  };
  expect(await wordWith()).toEqual([{ word: "equivalent", margin: 0.03, isNonInferior: true }]);
  expect(await wordWith({ exact: 0.001 })).toEqual([{ word: "not_enough_evidence", margin: 0.001, isNonInferior: false }]);
  await expect(evalRuns().compare({ ids, margins: { exakt: 0.1 } })).rejects.toMatchObject({
    code: "BAD_REQUEST",
    message: "There is a margin for exakt, which none of these runs is scored by.",
  });
  await expect(evalRuns().compare({ ids, margins: { exact: -1 } })).rejects.toMatchObject({ code: "BAD_REQUEST" });

  const first = await evalRuns().comparedRows({ ids });
  expect(first).toMatchObject({ total: items, next: 200 });
  expect(first.rows.slice(0, 3).map(({ itemId, asked }) => [itemId, asked])).toEqual([
    ["i449", "Question 449?"],
    ["i3", "Question 3?"],
    ["i0", "Question 0?"],
  ]);
  const last = await evalRuns().comparedRows({ ids, cursor: 400 });
  expect([last.rows.length, last.next]).toEqual([50, null]);
  const improved = await evalRuns().comparedRows({ ids, change: "improved", metric: "exact" });
  expect(improved).toMatchObject({ total: 1, next: null, rows: [{ itemId: "i3" }] });
});
