import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { cancelReplays, createPrisma, type PrismaClient, startReplays } from "@signalbox/db/prisma";
import { aDeadLetter, aReport, storeDeadLetters } from "@signalbox/db/testing";
import { GatePolicy, newId, type OfflinePolicy, ReplayPlan } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordOf, replayedRun, replayReference } from "./replayedRun.ts";

const NOW = new Date("2026-11-28T00:00:00.000Z");
const POLICY = GatePolicy.parse({
  apiVersion: "gates/v1",
  kind: "GatePolicy",
  metadata: { name: "replays" },
  spec: { offline: { dataset: "replays", metrics: [{ name: "identical", kind: "binary", nonInferiorityMargin: 0.05 }] } },
}).spec.offline as OfflinePolicy;

let stores: TestStores;
let prisma: PrismaClient;
beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

test("a batch is judged once it is over: a task is an item, one that was called off has no score, and its record is identical", async () => {
  const letters = [aDeadLetter(), aDeadLetter()];
  await storeDeadLetters(prisma, letters);
  const [one, other] = letters.map(({ taskId }) => taskId).toSorted();
  const plan = ReplayPlan.parse({ tools: { get_user_details: [{ output: "nobody" }] } });
  const order = { plan, actor: "ann", reason: null, now: NOW };
  const batchId = await startReplays(prisma, "default", [String(one), String(other)], order);
  const run = (side: "replayed" | "recorded") => replayedRun(prisma, "default", { batchId, side }, POLICY);
  await expect(run("replayed")).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("0 of 2 have ended") });

  const report: object = aReport(String(one), { recorded: [], replayed: [], partsAt: 1 });
  const done = { status: "done", outcome: "diverged", outcomeChanged: false, report, startedAt: NOW, endedAt: NOW };
  await prisma.replayRow.updateMany({ where: { taskId: String(one) }, data: done });
  await cancelReplays(prisma, { project: "default", id: batchId, actor: "ann", reason: "enough", now: NOW });

  const [replayed, recorded] = [await run("replayed"), await run("recorded")];
  expect(replayed.run.dataset).toEqual(recorded.run.dataset);
  expect([replayed.run.name, recorded.run.name]).toEqual([`replays ${batchId}, tool.get_user_details`, `the record of ${batchId}`]);
  expect(replayed.run.trials).toMatchObject([
    { item: one, scores: { identical: 0 } },
    { item: other, scores: {}, unscored: expect.arrayContaining(["identical"]) },
  ]);
  expect(recorded.run.trials).toMatchObject([{ item: one, scores: { identical: 1 } }, { item: other }]);
  await expect(replayedRun(prisma, "default", { batchId: newId(), side: "replayed" }, POLICY)).rejects.toMatchObject({ code: "not_found" });
});

test("replays are named by their batch, and judged against their record", () => {
  const id = newId();
  expect(replayReference(`replay:${id}`)).toEqual({ batchId: id, side: "replayed" });
  expect([recordOf(`replay:${id}`), recordOf(`record:${id}`), recordOf("run.jsonl")]).toEqual([`record:${id}`, null, null]);
  expect(() => replayReference("replay:mine")).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
