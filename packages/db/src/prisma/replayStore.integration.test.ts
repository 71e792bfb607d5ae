import { newId, ReplayPlan } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { aDeadLetter, storeDeadLetters } from "../testing/index.ts";
import {
  claimReplays,
  countReplays,
  createPrisma,
  endReplay,
  extendReplays,
  keepReplays,
  listReplays,
  type PrismaClient,
  readReplay,
  releaseReplay,
  startReplay,
  startReplays,
} from "./index.ts";

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

const FAILED = { error: { code: "not_found", message: "gone" } };
const ASKED = { actor: "ada", now: new Date("2026-11-27T12:00:00Z"), plan: ReplayPlan.parse({}) };

async function aDeadTask(): Promise<string> {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  return letter.taskId;
}

async function aReplay(build: string | null = null): Promise<string> {
  const [id] = await keepReplays(prisma, [{ taskId: await aDeadTask(), project: "default", build }], { ...ASKED, batchId: null });
  return String(id);
}

/** The worker of a replay has not been heard of for too long. */
async function lapse(id: string): Promise<void> {
  await prisma.$executeRaw`UPDATE replay SET claimed_until = now() - interval '1 second' WHERE id = ${id}::uuid`;
}

const claim = (build = "b") => claimReplays(prisma, { build, rowsMax: 10 });

test("what was asked for is kept with its plan, and is the task's", async () => {
  const taskId = await aDeadTask();
  const replay = await startReplay(prisma, "default", taskId, {
    ...ASKED,
    plan: ReplayPlan.parse({ tools: { think: [{ output: "no" }] } }),
  });
  expect(replay).toMatchObject({
    taskId,
    status: "pending",
    actor: "ada",
    plan: { mode: "recorded", tools: { think: [{ output: "no" }] } },
  });
  expect(await listReplays(prisma, { project: "default", taskId }, 10)).toEqual([replay]);
  expect(await readReplay(prisma, "default", replay.id)).toEqual({ ...replay, report: null });
  await expect(readReplay(prisma, "other", replay.id)).rejects.toMatchObject({ code: "not_found" });
  await Promise.all((await claim()).map((one) => endReplay(prisma, one, FAILED, ASKED.now)));
});

test("each replay is taken up by one worker, however many look at once, and only by one of its build", async () => {
  const id = await aReplay("b");
  expect(await claim("other")).toEqual([]);
  const taken = (await Promise.all(Array.from({ length: 4 }, () => claim()))).flat();
  expect(taken).toMatchObject([{ id, attempt: 1 }]);
  for (const one of taken) expect(await endReplay(prisma, one, FAILED, ASKED.now)).toBe(true);
  expect(await readReplay(prisma, "default", id)).toMatchObject({ status: "failed", error: FAILED.error });
  expect(await claim()).toEqual([]);
});

test("one whose worker is gone is taken up again, and the first can end nothing any more", async () => {
  const id = await aReplay();
  const [first] = await claim();
  await lapse(id);
  const [second] = await claim();
  expect([first, second]).toMatchObject([
    { id, attempt: 1 },
    { id, attempt: 2 },
  ]);
  if (first === undefined || second === undefined) throw new Error("nothing was claimed");
  expect(await endReplay(prisma, first, FAILED, ASKED.now)).toBe(false);
  await lapse(id);
  await extendReplays(prisma, [first]);
  expect(await claim()).toMatchObject([{ id, attempt: 3 }]);
  await lapse(id);
  expect(await claim()).toEqual([]);
  expect(await readReplay(prisma, "default", id)).toMatchObject({
    status: "failed",
    error: { message: expect.stringContaining("3 workers") },
  });
});

test("who says that it works keeps its replay, and who closes puts it back", async () => {
  const id = await aReplay();
  const claimed = await claim();
  await lapse(id);
  await extendReplays(prisma, claimed);
  expect(await claim()).toEqual([]);
  for (const one of claimed) await releaseReplay(prisma, one);
  expect(await claim()).toMatchObject([{ id, attempt: 2 }]);
});

test("a batch is counted as it goes", async () => {
  const batchId = newId();
  const tasks = [await aDeadTask(), await aDeadTask()].map((taskId) => ({ taskId, project: "default", build: "batch" }));
  await keepReplays(prisma, tasks, { ...ASKED, batchId });
  const [one] = await claimReplays(prisma, { build: "batch", rowsMax: 1 });
  if (one === undefined) throw new Error("nothing was claimed");
  await endReplay(prisma, one, FAILED, ASKED.now);
  expect(await countReplays(prisma, batchId)).toEqual({ pending: 1, running: 0, done: 0, failed: 1, diverged: 0, outcomeChanged: 0 });
});

test("a live replay needs a worker of its version", async () => {
  const taskId = await aDeadTask();
  const live = (against: string | null) => ({ ...ASKED, plan: ReplayPlan.parse({ mode: "live", against }) });
  await expect(startReplay(prisma, "default", taskId, live("9.9.9+00000000"))).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("9.9.9+00000000"),
  });
  const { batchId, refused } = await startReplays(prisma, [taskId], live("9.9.9+00000000"));
  expect(refused).toMatchObject([{ taskId, code: "not_found" }]);
  expect(await listReplays(prisma, { batchId }, 10)).toEqual([]);
  await expect(startReplay(prisma, "default", newId(), live(null))).rejects.toMatchObject({ code: "not_found" });
});
