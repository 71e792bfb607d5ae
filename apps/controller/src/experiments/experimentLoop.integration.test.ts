import { createClickHouse } from "@signalbox/db/clickhouse";
import { startTestStores } from "@signalbox/db/embedded";
import { listEvalRuns, listEvalTries } from "@signalbox/db/evalRuns";
import { createWorkspaceStore } from "@signalbox/db/langsmith";
import { createPrisma } from "@signalbox/db/prisma";
import { aSpan, NOON, storeScores, storeSpans } from "@signalbox/db/testing";
import { newId, traceIdOf } from "@signalbox/model";
import { pino } from "pino";
import { Counter, Registry } from "prom-client";
import { expect, test } from "vitest";
import { until } from "../testing/stage.ts";
import { openExperimentLoop } from "./experimentLoop.ts";

test("an experiment is an eval run that grows with its runs; one that ends early and whose telemetry expires keeps its tries", async () => {
  await using stores = await startTestStores();
  await using prisma = createPrisma(stores.databaseUrl);
  await using open = new AsyncDisposableStack();
  const clickhouse = open.adopt(createClickHouse(stores.clickhouseUrl), (client) => client.close());
  let nowMs = Number(NOON / 1_000_000n);
  const clock = (): number => nowMs;
  const workspace = createWorkspaceStore(prisma, clock);
  const [dataset, session, ...examples] = [newId(), newId(), newId(), newId()];
  const at = { project: "default", createdAt: new Date(nowMs), updatedAt: new Date(nowMs) };
  await workspace.put({ ...at, kind: "dataset", id: dataset, name: "d", body: {} });
  const asked = examples.map((id, n) => ({ ...at, kind: "example" as const, parent: dataset, id, body: { inputs: { n } } }));
  await workspace.putExamples("default", dataset, [asked]);
  await workspace.put({ ...at, kind: "session", id: session, name: "try", body: { reference_dataset_id: dataset } });
  const run = (trace: string, example = "") =>
    aSpan({ trace, service: "try", attributes: { "langsmith.reference_example_id": example, "langsmith.output": '{"said":1}' } });

  const folded = new Counter({ name: "folded", help: "x", registers: [new Registry()] });
  const parts = { prisma, clickhouse, clock, log: pino({ level: "silent" }), pauseMs: 20, folded };
  const loop = openExperimentLoop(parts);
  const finished = async (count: number): Promise<boolean> => {
    nowMs += 1_000;
    return (await listEvalRuns(prisma, "default", 1))[0]?.finished === count;
  };
  await until("the run", () => finished(0));
  await storeSpans(clickhouse, [run("one", examples[1])]);
  await until("the first try", () => finished(1));
  await storeSpans(clickhouse, [run("two", examples[0]), run("three", examples[0])]);
  await until("the others", () => finished(3));
  const thumb = { value: 1, label: "", explanation: "", scorer: "person:ann", time: new Date(nowMs).toISOString() };
  await storeScores(clickhouse, [{ project: "default", traceId: traceIdOf("one"), spanId: null, name: "thumb", ...thumb }]);
  const triesNow = async () => (await listEvalTries(prisma, session, {}, { skip: 0, rowsMax: 9 })).tries;
  await until("the thumb", async () => {
    nowMs += 1_000;
    return (await triesNow()).every(({ scores }) => scores.length === 1);
  });
  expect((await triesNow()).map(({ scores: [score] }) => score?.isFailure ?? score?.value)).toEqual([true, true, 1]);
  await clickhouse.command({ query: "TRUNCATE TABLE spans" });
  await workspace.put({
    ...at,
    kind: "session",
    id: session,
    name: "try",
    body: { reference_dataset_id: dataset, end_time: new Date(nowMs).toISOString() },
  });
  await until("the end", async () => (await finished(3)) && (await listEvalRuns(prisma, "default", 1))[0]?.endedAt !== null);
  await loop.close();
  expect((await triesNow()).map(({ itemId, trial, output }) => [itemId, trial, output])).toEqual([
    [examples[0], 0, { said: 1 }],
    [examples[0], 1, { said: 1 }],
    [examples[1], 0, { said: 1 }],
  ]);
  expect((await folded.get()).values[0]?.value).toBe(6);
});
