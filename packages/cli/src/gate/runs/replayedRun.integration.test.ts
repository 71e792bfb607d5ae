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

const GROUP = { project: "default", fingerprint: "0123456789abcdef" };

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

test("a batch is judged once it is over: a task is an item, one that was cancelled has no score, and its record is identical", async () => {
  const letters = [aDeadLetter(), aDeadLetter()];
  await storeDeadLetters(prisma, letters);
  const [one, other] = letters.map(({ taskId }) => taskId).toSorted();
  const plan = ReplayPlan.parse({ tools: { get_user_details: [{ output: "nobody" }] } });
  const order = { plan, actor: "ann", reason: null, now: NOW };
  const batchId = await startReplays(prisma, GROUP, [String(one), String(other)], order);
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

test("what is left of a batch is not judged as if it were the whole: how many of how many are left is said", async () => {
  const letters = [aDeadLetter(), aDeadLetter(), aDeadLetter()];
  await storeDeadLetters(prisma, letters);
  const ids = letters.map(({ taskId }) => taskId);
  const batchId = await startReplays(prisma, GROUP, ids, { plan: ReplayPlan.parse({}), actor: "ann", reason: null, now: NOW });
  await cancelReplays(prisma, { project: "default", id: batchId, actor: "ann", reason: "enough", now: NOW });
  await prisma.replayRow.deleteMany({ where: { batchId, taskId: String(ids[0]) } });
  for (const side of ["replayed", "recorded"] as const)
    await expect(replayedRun(prisma, "default", { batchId, side }, POLICY)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`Of the 3 replays of the batch ${batchId}, 2 are left`),
    });
});

test("a policy about a group takes that group's batches, and refuses those of others", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  const about = (fingerprint: string): OfflinePolicy => ({ ...POLICY, dataset: `replays@${fingerprint}` });
  const order = { plan: ReplayPlan.parse({}), actor: "ann", reason: null, now: NOW };
  const batchId = await startReplays(prisma, GROUP, [letter.taskId], order);
  await cancelReplays(prisma, { project: "default", id: batchId, actor: "ann", reason: "enough", now: NOW });
  const { run } = await replayedRun(prisma, "default", { batchId, side: "replayed" }, about(GROUP.fingerprint));
  expect(run.dataset.name).toBe(`replays@${GROUP.fingerprint}`);
  await expect(replayedRun(prisma, "default", { batchId, side: "replayed" }, about("fedcba9876543210"))).rejects.toMatchObject({
    code: "invalid_input",
    message: `The batch of replays ${batchId} is replays@${GROUP.fingerprint}, and the policy is about replays@fedcba9876543210.`,
  });
});

test("replays are named by their batch, and judged against their record", () => {
  const id = newId();
  expect(replayReference(`replay:${id}`)).toEqual({ batchId: id, side: "replayed" });
  expect([recordOf(`replay:${id}`), recordOf(`record:${id}`), recordOf("run.jsonl")]).toEqual([`record:${id}`, null, null]);
  expect(() => replayReference("replay:mine")).toThrow(expect.objectContaining({ code: "invalid_input" }));
});
