import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { createPrisma, type PrismaClient } from "../prisma/index.ts";
import { stateContents } from "../testing/index.ts";
import { benchTaskId, fillDecisions, tamperWith } from "./benchDecisions.ts";
import { rebuildTasks } from "./rebuildTasks.ts";

let stores: TestStores;
let prisma: PrismaClient;

beforeAll(async () => {
  stores = await startTestStores();
  prisma = createPrisma(stores.databaseUrl);
  await fillDecisions(stores.databaseUrl, { events: 500, signal: new AbortController().signal, progress: () => {} });
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const rebuild = (isDry: boolean, doubted: string[] = []) => rebuildTasks(prisma, { isDry, doubted: new Set(doubted), progress: () => {} });
const rows = async () => (await stateContents(stores.databaseUrl)).task;

test("columns of a task that derive from its decisions can be lost and are rebuilt the same; a dry run changes nothing", async () => {
  const whole = await rows();
  expect(await rebuild(false)).toEqual({ tasks: 50, off: [], offTotal: 0, rebuilt: 0, broken: [], brokenTotal: 0 });
  await prisma.$executeRaw`UPDATE task SET status = 'queued', run = 7, attempts = 0, error = 'x', head_seq = -1, head_hash = '', finished_us = NULL`;
  const dropped = await rows();
  expect(await rebuild(true)).toMatchObject({ offTotal: 50, rebuilt: 0 });
  expect(await rows()).toBe(dropped);
  const rebuilt = await rebuild(false);
  expect(rebuilt).toMatchObject({ offTotal: 50, rebuilt: 50 });
  expect(rebuilt.off[0]?.fields).toEqual(["status", "run", "attempts", "head"]);
  expect(await rebuild(false)).toMatchObject({ offTotal: 0 });
  // The end of a task is restored from its last decision.
  await prisma.$executeRaw`UPDATE task SET finished_us = 1`;
  expect(await rows()).toBe(whole);
});

test("a task whose chain is not what was signed is told and left alone, although its chain holds in itself", async () => {
  const taskId = benchTaskId(5);
  await prisma.$executeRaw`UPDATE task SET run = 7 WHERE id = ${taskId}::uuid`;
  expect(await rebuild(false, [taskId])).toMatchObject({ broken: [taskId], offTotal: 0, rebuilt: 0 });
  expect(await rebuild(false)).toMatchObject({ brokenTotal: 0, offTotal: 1, rebuilt: 1 });
});

test("a task whose chain does not hold is told and left alone", async () => {
  const taskId = benchTaskId(3);
  await using _tampered = await tamperWith(stores.databaseUrl, taskId, "removed");
  expect(await rebuild(false)).toMatchObject({ broken: [taskId], offTotal: 0 });
});
