import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { listDeadLetters, listDecisions, listSteps, listTaskRecords, type PrismaClient } from "@signalbox/db/prisma";
import { type Decision, type TaskRequest, verifyChain } from "@signalbox/model";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoTask } from "../demo/demoTasks.ts";
import { openTaskQueue, type QueueStore } from "../queue/bullTaskQueue.ts";
import { anAdmittedTask, aRunner, DEMO, openStage } from "../testing/stage.ts";
import { HAS_REDIS, openTestRedis } from "../testing/testRedis.ts";
import { forkRuntime, openTestRuntime, runtimeEnv, until } from "../testing/testRuntime.ts";
import { runTask } from "./runTask.ts";
import { openWorker } from "./worker.ts";

let stage: Awaited<ReturnType<typeof openStage>>;
let prisma: PrismaClient;

beforeAll(async () => {
  stage = await openStage();
  prisma = stage.prisma;
});
afterAll(() => stage[Symbol.asyncDispose]());

const LOOK_EVERY_MS = 200;
const MORTAL_WORKER = new URL("__fixtures__/mortalWorker.ts", import.meta.url);

function demoTasks(seed: number, tasks: number): TaskRequest[] {
  return Array.from({ length: tasks }, (_, index) => demoTask(DEMO, seed, index));
}

/** Throws if a process ended by itself: it would be waited for in vain. */
function requireNoExit({ exitCode }: ChildProcess): void {
  if (exitCode !== null) throw new Error(`the worker ended by itself, with exit code ${exitCode}`);
}

async function countUnfinished(ids: readonly string[]): Promise<number> {
  const tasks = await listTaskRecords(prisma, ids);
  return tasks.filter(({ status }) => status === "queued" || status === "running").length;
}

/** The choices in decisions, without the parts that differ between two runs of the same task. */
function choicesOf(decisions: readonly Decision[]) {
  return decisions.map(({ kind, chosen, reason, confidence }) => ({ kind, chosen, reason, confidence }));
}

test("tasks that a gateway admitted and never queued are found by a worker", async () => {
  const id = await anAdmittedTask(prisma, demoTasks(11, 1)[0]);
  await using _runtime = await openTestRuntime(stage.stores, { SIGNALBOX_RUNTIME_PARTS: "worker" });
  await until("the task's end", async () => (await countUnfinished([id])) === 0);
});

test("workers that are killed again and again lose no task, repeat no effect and no decision", async () => {
  const tasks = demoTasks(12, 60);
  const ids: string[] = [];
  for (const task of tasks) ids.push(await anAdmittedTask(prisma, task));

  const env = runtimeEnv(stage.stores, { SIGNALBOX_RUNTIME_PARTS: "worker", SIGNALBOX_WORKER_TASKS: "8" });
  let kills = 0;
  while ((await countUnfinished(ids)) > 0) {
    await using worker = await forkRuntime(env);
    const before = await prisma.step.count();
    await until("some steps, or the end", async () => {
      requireNoExit(worker.process);
      return (await prisma.step.count()) > before + 25 * (kills + 1) || (await countUnfinished(ids)) === 0;
    });
    await worker.kill();
    kills += 1;
  }
  expect(kills).toBeGreaterThan(2);

  const records = new Map((await listTaskRecords(prisma, ids)).map((record) => [record.id, record]));
  for (const [index, id] of ids.entries()) {
    const decisions = await listDecisions(prisma, id);
    expect(verifyChain(decisions)).toEqual({ kind: "whole" });
    const twin = await anAdmittedTask(prisma, { ...tasks[index], id: undefined, session: undefined });
    await runTask(aRunner(prisma), twin);
    const [record, twinRecord] = [records.get(id), (await listTaskRecords(prisma, [twin]))[0]];
    expect(record?.status).toBe(twinRecord?.status);
    expect(record?.result).toEqual(twinRecord?.result);
    const ofSession = ({ kind }: Decision): boolean => kind !== "recalled";
    expect(choicesOf(decisions.filter(ofSession))).toEqual(choicesOf(await listDecisions(prisma, twin)));

    const steps = await listSteps(prisma, id);
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, place) => place + 1));
    const toolSteps = steps.filter(({ stage: { kind } }) => kind === "tool").length;
    expect(await prisma.toolEffect.count({ where: { overlay: id } })).toBe(toolSteps);
  }
});

/** Runs two mortal workers on a queue, each replaced when it dies, until the tasks have ended. */
async function runWithMortals(ids: readonly string[], env: Record<string, string>): Promise<void> {
  const work = async (): Promise<void> => {
    while ((await countUnfinished(ids)) > 0) {
      await using worker = await forkRuntime(env, MORTAL_WORKER);
      const { process: mortal } = worker;
      const isAlive = (): boolean => mortal.exitCode === null && mortal.signalCode === null;
      while (isAlive() && (await countUnfinished(ids)) > 0) await delay(LOOK_EVERY_MS);
      requireNoExit(mortal);
    }
  };
  await Promise.all([work(), work()]);
}

async function expectOnlyPoisonIsDead(env: Record<string, string>): Promise<void> {
  const poison = await anAdmittedTask(prisma, { message: "This is poison." });
  const bystanders: string[] = [];
  for (const task of demoTasks(13, 20)) bystanders.push(await anAdmittedTask(prisma, task));
  await runWithMortals([poison, ...bystanders], env);

  const letters = await listDeadLetters(prisma, poison);
  expect(letters).toMatchObject([{ cause: "kills_worker" }]);
  const deaths = letters[0]?.attempts.filter(({ outcome }) => outcome === "lost") ?? [];
  expect(deaths.length).toBeLessThanOrEqual(3);
  expect(deaths.filter(({ isAlone }) => isAlone)).toHaveLength(2);
  for (const id of bystanders) {
    const causes = (await listDeadLetters(prisma, id)).map(({ cause }) => cause);
    expect(causes.every((cause) => cause === "not_retryable")).toBe(true);
  }
}

test("a task that kills its workers is given up after two deaths alone, and takes no bystander with it", async () => {
  await expectOnlyPoisonIsDead(runtimeEnv(stage.stores));
});

test.skipIf(!HAS_REDIS)("the same on Redis (skipped without REDIS_URL, where redis-server is not on the PATH)", async () => {
  await using redis = await openTestRedis();
  await expectOnlyPoisonIsDead(runtimeEnv(stage.stores, { REDIS_URL: redis.url }));
});

/** Recreates a crash between a dead letter and the end of its job: the letter is written, and the job is still there. */
async function expectOneLetterAndNoJob(store: QueueStore): Promise<void> {
  const log = pino({ level: "silent" });
  const queue = await openTaskQueue(store, log);
  const id = await anAdmittedTask(prisma, { message: "How many lemons fit into the overhead bin?" });
  expect((await runTask(aRunner(prisma), id)).outcome).toBe("dead");
  await queue.enqueue([{ id }]);

  const worker = openWorker(aRunner(prisma), queue, 1, new Registry(), log);
  await until("an empty queue", async () => Object.values(await queue.depth()).every((tasks) => tasks === 0));
  await worker.close();
  await queue.close();
  expect(await listDeadLetters(prisma, id)).toHaveLength(1);
  expect(await prisma.attempt.count({ where: { taskId: id } })).toBe(1);
}

test("a crash between a dead letter and the end of its job leaves one letter and no job", async () => {
  await expectOneLetterAndNoJob({ databaseUrl: stage.stores.databaseUrl });
});

test.skipIf(!HAS_REDIS)("a crash after a dead letter leaves no job on Redis either (skipped without Redis)", async () => {
  await using redis = await openTestRedis();
  await expectOneLetterAndNoJob({ redisUrl: redis.url });
});
