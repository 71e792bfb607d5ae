import { EMPTY_CHAIN, newId, sealDecision, TaskRequest, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aDeadLetter, storeDeadLetters } from "../../testing/index.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { admitTasks } from "./admissionStore.ts";
import { openJournalStore } from "./journalStore.ts";
import { auditTasks, countOpenTasks, listAttemptsAt, listLastLetters } from "./taskAudit.ts";

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

async function anAdmittedTask() {
  const id = newId();
  const request = TaskRequest.parse({ id, name: "t", domain: "airline", world: "w", message: "m" });
  const routed = sealDecision(EMPTY_CHAIN, {
    ...{ project: "default", taskId: id, kind: "routed" as const, time: "2026-01-02T03:04:05.678Z", attempt: 1, traceId: traceIdOf(id) },
    ...{ spanId: null, actor: { service: "test", version: "1" }, chosen: "rules", confidence: null, reason: "", detail: {} },
  });
  await admitTasks(prisma, [
    { id, request, requestHash: "h", traceId: traceIdOf(id), createdAt: new Date(NOW_US / 1_000), idempotencyKey: null, routed },
  ]);
  return { id, routed };
}

/** A finished task after one tool call, with this many effects. */
async function aDoneTask(effects = 1): Promise<string> {
  const { id, routed } = await anAdmittedTask();
  const journals = openJournalStore(prisma);
  await journals.claimTask({ taskId: id, worker: "w", version: "1", nowUs: NOW_US });
  const call = { name: "think", arguments: {} };
  const output = { output: "", isError: false, endsEpisode: false, replayed: false };
  const stage = { kind: "tool" as const, input: { callId: "c", call }, output };
  const step = { step: 1, attempt: 1, startedUs: NOW_US, finishedUs: NOW_US, stage, modelUse: null };
  const result = { answers: [], toolCalls: [], ended: true, steps: 0 };
  const ending = { kind: "done" as const, result, finishedUs: NOW_US };
  await journals.recordProgress({ taskId: id, attempt: 1, head: routed, progress: { steps: [step], decisions: [], spans: [], ending } });
  for (let index = 1; index <= effects; index += 1)
    await prisma.toolEffect.create({
      data: { world: "w", overlay: id, idempotencyKey: `${id}:${index}`, call, answer: output, position: index },
    });
  return id;
}

test("an audit tells finished tasks from others, and those whose effects are not those of their journal", async () => {
  const [twice, never] = [await aDoneTask(2), await aDoneTask(0)];
  const ids = [await aDoneTask(1), twice, never, (await anAdmittedTask()).id, newId()];
  const { otherEffects, ...counts } = await auditTasks(prisma, ids);
  expect(counts).toEqual({ done: 3, dead: 0, redriven: 0, unfinished: 1, missing: 1, otherEndings: 0, otherHeads: 0 });
  expect(new Set(otherEffects)).toEqual(new Set([twice, never]));
  expect(await countOpenTasks(prisma)).toBe(1);
});

test("an audit finds a task that ended twice, or nowhere", async () => {
  const [twice, nowhere] = [await aDoneTask(), await aDoneTask()];
  await prisma.attempt.create({
    data: { taskId: twice, attempt: 2, run: 1, worker: "w", version: "1", startedAt: new Date(), outcome: "done" },
  });
  await prisma.task.update({ where: { id: nowhere }, data: { status: "dead" } });
  // Its second run is done, and its first ended without a letter.
  const again = await aDoneTask();
  await prisma.task.update({ where: { id: again }, data: { run: 2 } });
  await prisma.attempt.updateMany({ where: { taskId: again }, data: { run: 2 } });
  expect(await auditTasks(prisma, [await aDoneTask(), twice, nowhere, again])).toMatchObject({ otherEndings: 3, redriven: 1 });
});

test("an audit finds a task whose last decision is not the one that it knows of", async () => {
  const cut = await aDoneTask();
  await prisma.task.update({ where: { id: cut }, data: { headSeq: 1, headHash: "f".repeat(64) } });
  expect(await auditTasks(prisma, [await aDoneTask(), cut])).toMatchObject({ otherHeads: 1 });
});

test("of tasks that are dead it is told why, and what they were asked", async () => {
  const letter = aDeadLetter({ cause: "kills_worker" });
  await storeDeadLetters(prisma, [letter]);
  const { message } = letter.payload as { message: string };
  expect(await listLastLetters(prisma, [letter.taskId, await aDoneTask()])).toEqual([
    { taskId: letter.taskId, cause: "kills_worker", message },
  ]);
});

test("attempts are told by their workers, and whether they have ended", async () => {
  const id = await aDoneTask();
  expect(await listAttemptsAt(prisma, id)).toEqual([{ worker: "w", outcome: "done", isAlone: false }]);
  const { id: underWay } = await anAdmittedTask();
  await openJournalStore(prisma).claimTask({ taskId: underWay, worker: "host:12:ab", version: "1", nowUs: NOW_US });
  expect(await listAttemptsAt(prisma, underWay)).toEqual([{ worker: "host:12:ab", outcome: null, isAlone: false }]);
});
