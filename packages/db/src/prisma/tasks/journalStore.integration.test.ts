import { EMPTY_CHAIN, newId, sealDecision, TaskRequest, traceIdOf } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { createPrisma } from "../client.ts";
import { listDecisions } from "../decisions/decisionStore.ts";
import type { PrismaClient } from "../generated/client.ts";
import { admitTasks } from "./admissionStore.ts";
import { type JournalStore, openJournalStore } from "./journalStore.ts";
import { listHeldProjects, listNextTasks } from "./projectTasks.ts";
import { listSteps } from "./stepStore.ts";

let stores: TestStores;
let prisma: PrismaClient;
let journals: JournalStore;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  journals = openJournalStore(prisma);
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const NOW_US = 1_795_435_200_000_000;

function decisionOf(id: string, head: typeof EMPTY_CHAIN, chosen: string) {
  return sealDecision(head, {
    ...{ project: "default", taskId: id, kind: "routed" as const, time: "2026-01-02T03:04:05.678Z", attempt: 1, traceId: traceIdOf(id) },
    ...{ spanId: null, actor: { service: "test", version: "1" }, chosen, confidence: null, reason: "", detail: {} },
  });
}

async function anAdmittedTask(project = "default") {
  const id = newId();
  const request = TaskRequest.parse({ id, name: "t", project, domain: "airline", world: "w", message: "m" });
  const first = decisionOf(id, EMPTY_CHAIN, "first");
  const createdAt = new Date(NOW_US / 1_000);
  await admitTasks(prisma, [{ id, request, requestHash: "h", traceId: traceIdOf(id), createdAt, idempotencyKey: null, routed: first }]);
  return { id, first };
}

const claim = (taskId: string, worker = "w") => journals.claimTask({ taskId, worker, version: "1", nowUs: NOW_US, isAlone: true });

function aWrite({ id, first }: Awaited<ReturnType<typeof anAdmittedTask>>, attempt: number, said = "said") {
  const stage = { kind: "user" as const, input: {}, output: { content: said } };
  const step = { step: 1, attempt, startedUs: NOW_US, finishedUs: NOW_US, stage, modelUse: null };
  const progress = { steps: [step], decisions: [decisionOf(id, first, said)], spans: [], ending: null };
  return { taskId: id, attempt, head: first, progress };
}

test("tasks that are claimed and written at once each get their own", async () => {
  const tasks = await Promise.all(Array.from({ length: 20 }, () => anAdmittedTask()));
  const claims = await Promise.all(tasks.map(({ id }) => claim(id)));
  expect(claims.map((made) => made.kind === "claimed" && made.task.id)).toEqual(tasks.map(({ id }) => id));
  expect(await Promise.all(tasks.map((task) => journals.recordProgress(aWrite(task, 1, `of ${task.id}`))))).toEqual(tasks.map(() => true));
  for (const { id } of tasks) {
    expect((await listSteps(prisma, id)).map(({ stage }) => stage.output)).toEqual([{ content: `of ${id}` }]);
    expect((await listDecisions(prisma, id)).map(({ chosen }) => chosen)).toEqual(["first", `of ${id}`]);
  }
});

test("two claims of a task at once are two attempts, and only the newer may write", async () => {
  const task = await anAdmittedTask();
  const claims = await Promise.all([claim(task.id, "older"), claim(task.id, "newer")]);
  expect(claims.map((made) => made.kind === "claimed" && made.task.attempts)).toEqual([1, 2]);
  const written = await Promise.all([journals.recordProgress(aWrite(task, 1)), journals.recordProgress(aWrite(task, 2))]);
  expect(written).toEqual([false, true]);
  expect((await listSteps(prisma, task.id)).map(({ attempt }) => attempt)).toEqual([2]);
});

test("what cannot be stored fails alone, and leaves nothing", async () => {
  const [good, bad] = [await anAdmittedTask(), await anAdmittedTask()];
  await Promise.all([claim(good.id), claim(bad.id)]);
  const unstorable = aWrite(bad, 1);
  unstorable.progress.decisions = [decisionOf(bad.id, bad.first, "a NUL: \u0000")];
  const outcomes = await Promise.allSettled([journals.recordProgress(aWrite(good, 1)), journals.recordProgress(unstorable)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  expect(await listSteps(prisma, good.id)).toHaveLength(1);
  expect(await listSteps(prisma, bad.id)).toEqual([]);
});

test("a claim tells a task that is not there from one that is finished", async () => {
  const task = await anAdmittedTask();
  await claim(task.id);
  const write = aWrite(task, 1);
  const result = { answers: [], toolCalls: [], ended: true, steps: 0 };
  const ended = { ...write, progress: { ...write.progress, ending: { kind: "done" as const, result, finishedUs: NOW_US } } };
  expect(await journals.recordProgress(ended)).toBe(true);
  expect((await Promise.all([claim(task.id), claim(newId())])).map(({ kind }) => kind)).toEqual(["finished", "missing"]);
});

test("a task whose steps this version cannot read is claimed once, and its neighbours too", async () => {
  const tasks = await Promise.all(Array.from({ length: 4 }, anAdmittedTask));
  await Promise.all(tasks.map(({ id }) => claim(id)));
  const [strange] = tasks;
  if (strange === undefined) throw new Error("no task");
  await journals.recordProgress(aWrite(strange, 1));
  await prisma.step.updateMany({ where: { taskId: strange.id }, data: { kind: "of tomorrow" } });
  const claims = await Promise.all(tasks.map(({ id }) => claim(id)));
  expect(claims.map((made) => made.kind === "claimed" && made.task.attempts)).toEqual([2, 2, 2, 2]);
  expect(claims.map((made) => made.kind === "claimed" && made.unreadable !== null)).toEqual([true, false, false, false]);
});

test("of a project no more tasks are at work than may be, however many workers ask at once", async () => {
  const runningMax = 2;
  const [busy, calm] = [
    await Promise.all(Array.from({ length: 8 }, () => anAdmittedTask("busy"))),
    await Promise.all([anAdmittedTask("calm"), anAdmittedTask("calm")]),
  ];
  const workers = [openJournalStore(prisma, { runningMax }), openJournalStore(prisma, { runningMax })];
  const start = ({ id }: { id: string }, index: number) =>
    (workers[index % 2] as JournalStore).claimTask({ taskId: id, worker: `w${index % 2}`, version: "1", build: "b", nowUs: NOW_US });
  const claims = await Promise.all([...busy, ...calm].map(start));
  const started = claims.flatMap((made) => (made.kind === "claimed" ? [made.task] : []));
  expect(started.map(({ request }) => request.project).sort()).toEqual(["busy", "busy", "calm", "calm"]);
  expect(claims.filter(({ kind }) => kind !== "claimed")).toEqual(Array.from({ length: 6 }, () => ({ kind: "held", project: "busy" })));
  expect(await listHeldProjects(prisma, runningMax)).toEqual([{ project: "busy", running: 2, waiting: 6 }]);
  expect(await listNextTasks(prisma, { project: "busy", runningMax })).toEqual({ tasks: [], isMore: true });

  const [ended] = started.filter(({ request }) => request.project === "busy");
  const first = busy.find(({ id }) => id === ended?.id) as (typeof busy)[number];
  const ending = { kind: "retry" as const, error: { class: "e", message: "m" }, failedUs: NOW_US, backoffMs: 0 };
  const progress = { steps: [], decisions: [decisionOf(first.id, first.first, "again")], spans: [], ending };
  expect(await journals.recordProgress({ taskId: first.id, attempt: 1, head: first.first, progress })).toBe(true);
  const next = await listNextTasks(prisma, { project: "busy", runningMax });
  expect(next).toEqual({ tasks: [{ id: expect.any(String), lane: "interactive", build: null }], isMore: true });
  expect((await start({ id: next.tasks[0]?.id ?? "" }, 0)).kind).toBe("claimed");
  const another = busy.find(({ id }) => id !== next.tasks[0]?.id && started.every((task) => task.id !== id)) as (typeof busy)[number];
  expect((await start(another, 1)).kind).toBe("held");
});
