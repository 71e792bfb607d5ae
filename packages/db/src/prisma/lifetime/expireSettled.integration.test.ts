import { newId, ReplayPlan } from "@signalbox/model";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aDeadLetter, storeDeadLetters } from "../../testing/index.ts";
import {
  cancelReplays,
  claimReplay,
  createPrisma,
  expireSettled,
  keepReplays,
  type PrismaClient,
  readRecordings,
  readReplayBatch,
  readTaskHistory,
  scratchOverlay,
  trimReplays,
} from "../index.ts";

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
beforeEach(() => prisma.$executeRaw`TRUNCATE replay, replay_batch, redrive_item, dead_letter CASCADE`);

const BEFORE = new Date("2026-11-20T00:00:00Z");
const LONG_AGO = new Date("2026-11-19T23:59:59Z");
const asDiscarded = (discardedAt: Date) => ({ discardedAt, discardedBy: "ada", discardReason: "known" });

test("letters that were settled before the day go; open ones and later ones stay", async () => {
  const [old, open, late] = [aDeadLetter(), aDeadLetter(), aDeadLetter()];
  await storeDeadLetters(prisma, [old, open, late]);
  await prisma.deadLetter.update({ where: { id: old.id }, data: asDiscarded(LONG_AGO) });
  await prisma.deadLetter.update({ where: { id: late.id }, data: asDiscarded(BEFORE) });
  expect(await expireSettled(prisma, "other", BEFORE)).toEqual([]);
  expect(await expireSettled(prisma, "default", BEFORE)).toEqual([{ table: "dead_letter", rows: 1 }]);
  expect((await prisma.deadLetter.findMany()).map(({ id }) => id).toSorted()).toEqual([open.id, late.id].toSorted());
  expect(await expireSettled(prisma, "default", BEFORE)).toEqual([]);
});

test("the history of a letter that is open stays with it", async () => {
  const first = aDeadLetter();
  const second = aDeadLetter({ taskId: first.taskId, run: 2 });
  await storeDeadLetters(prisma, [first, second]);
  await prisma.deadLetter.update({ where: { id: first.id }, data: { redrivenAt: LONG_AGO } });
  expect(await expireSettled(prisma, "default", BEFORE)).toEqual([]);
  await prisma.deadLetter.update({ where: { id: second.id }, data: asDiscarded(LONG_AGO) });
  expect(await expireSettled(prisma, "default", BEFORE)).toEqual([{ table: "dead_letter", rows: 2 }]);
});

test("what was given up since a rollout began stays while that is under way: its gate counts it", async () => {
  const [before, since] = [
    aDeadLetter({ lastFailedAt: "2026-11-18T00:00:00.000Z" }),
    aDeadLetter({ lastFailedAt: "2026-11-19T12:00:00.000Z" }),
  ];
  await storeDeadLetters(prisma, [before, since]);
  await prisma.deadLetter.updateMany({ data: asDiscarded(LONG_AGO) });
  const startedAt = new Date("2026-11-19T10:00:00Z");
  const version = (name: string) => ({
    name,
    hash: `${"0".repeat(62)}${name}`.replace("v", "a"),
    build: name,
    manifest: {},
    registeredAt: startedAt,
  });
  await prisma.agentVersionRow.createMany({ data: [version("v1"), version("v2")] });
  const { id } = await prisma.rolloutRow.create({
    data: {
      ...{
        id: newId(),
        project: "default",
        gate: "g",
        policy: {},
        policyHash: "h",
        stable: "v1",
        candidate: "v2",
        phase: "running",
        step: 0,
      },
      ...{ stepStartedAt: startedAt, startedAt, startedBy: "ada", reason: "a try" },
    },
  });
  const left = async () => (await prisma.deadLetter.findMany()).map((letter) => letter.id);
  expect(await expireSettled(prisma, "default", BEFORE)).toEqual([{ table: "dead_letter", rows: 1 }]);
  expect(await left()).toEqual([since.id]);
  await prisma.rolloutRow.update({ where: { id }, data: { phase: "aborted", endedAt: BEFORE } });
  await expireSettled(prisma, "default", BEFORE);
  expect(await left()).toEqual([]);
});

test("the record of a task says which of its letters is gone", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  expect((await readRecordings(prisma, [letter.taskId]))[0]).toMatchObject({ runsWithoutLetter: [] });
  await prisma.deadLetter.update({ where: { id: letter.id }, data: asDiscarded(LONG_AGO) });
  await expireSettled(prisma, "default", BEFORE);
  expect((await readRecordings(prisma, [letter.taskId]))[0]).toMatchObject({ runsWithoutLetter: [1] });
  await prisma.task.update({
    where: { id: letter.taskId },
    data: { run: 2, request: { ...(letter.payload as object), message: "Another one." } },
  });
  const found = await readTaskHistory(prisma, letter.project, letter.taskId, 100);
  expect(found?.history.requests).toMatchObject([null, { message: "Another one." }]);
});

async function replaysEnded(taskId: string, ends: readonly Date[]): Promise<string[]> {
  const order = { actor: "ada", reason: null, now: LONG_AGO, plan: ReplayPlan.parse({}), batch: null };
  const ids = await keepReplays(
    prisma,
    "default",
    ends.map(() => ({ taskId, build: null })),
    order,
  );
  for (const [index, now] of ends.entries())
    await cancelReplays(prisma, { project: "default", id: String(ids[index]), actor: "ada", reason: "test", now });
  return ids;
}

test("replays that ended before the day go, and of the others all but the latest", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  const later = (minutes: number) => new Date(BEFORE.getTime() + minutes * 60_000);
  const [, second, third] = await replaysEnded(letter.taskId, [LONG_AGO, later(1), later(2)]);
  const [pending] = await keepReplays(prisma, "default", [{ taskId: letter.taskId, build: null }], {
    ...{ actor: "ada", reason: null, now: LONG_AGO, plan: ReplayPlan.parse({}), batch: null },
  });
  const left = async () => (await prisma.replayRow.findMany({ orderBy: { endedAt: { sort: "asc", nulls: "last" } } })).map(({ id }) => id);
  expect(await expireSettled(prisma, "default", BEFORE)).toEqual([{ table: "replay", rows: 1 }]);
  expect(await left()).toEqual([second, third, pending]);
  expect(await trimReplays(prisma, 1)).toEqual([{ project: "default", rows: 1 }]);
  expect(await left()).toEqual([third, pending]);
});

/** Replays of a batch that ended `ago`; the first was in a worker's hands when all of them were cancelled, just now. */
async function batchEnded(taskId: string, ago: string): Promise<{ id: string; attempt: number }> {
  const batch = { id: newId(), of: { project: "default", fingerprint: "f" }, wanted: 1 };
  const order = { actor: "ada", reason: null, now: LONG_AGO, plan: ReplayPlan.parse({}), batch };
  await keepReplays(prisma, "default", [{ taskId, build: null }], order);
  const claim = await claimReplay(prisma, { build: "b", isAlone: true });
  if (claim === null || claim === "suspect") throw new Error("nothing was claimed");
  await cancelReplays(prisma, { project: "default", id: batch.id, actor: "ada", reason: "test", now: new Date() });
  await prisma.$executeRaw`UPDATE replay SET ended_at = now() - ${ago}::interval WHERE id = ${claim.id}::uuid`;
  return claim;
}

test("what a batch came to stays for a day, however many there are", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  const { id } = await batchEnded(letter.taskId, "23 hours");
  expect(await trimReplays(prisma, 0)).toEqual([]);
  await prisma.$executeRaw`UPDATE replay SET ended_at = now() - interval '25 hours' WHERE id = ${id}::uuid`;
  expect(await trimReplays(prisma, 0)).toEqual([{ project: "default", rows: 1 }]);
});

test("a batch without any replays left says how many it was to be, until the day is over", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  await batchEnded(letter.taskId, "25 hours");
  await trimReplays(prisma, 0);
  const [{ id } = { id: "" }] = await prisma.replayBatchRow.findMany();
  expect(await readReplayBatch(prisma, "default", id)).toMatchObject({ wanted: 1, replays: 0, counts: { cancelled: 0, stopped: 0 } });
  expect(await expireSettled(prisma, "default", LONG_AGO)).toEqual([]);
  expect(await expireSettled(prisma, "default", BEFORE)).toEqual([{ table: "replay_batch", rows: 1 }]);
});

test("what a killed worker left in a scratch overlay goes with its replay", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  for (const drop of [() => trimReplays(prisma, 0), () => expireSettled(prisma, "default", new Date())]) {
    const claim = await batchEnded(letter.taskId, "25 hours");
    const { world } = await prisma.task.findUniqueOrThrow({ where: { id: letter.taskId } });
    await prisma.airlineUser.create({ data: { world, overlay: scratchOverlay(claim), id: "ann", document: {} } });
    await drop();
    expect([await prisma.replayRow.count(), await prisma.airlineUser.count({ where: { overlay: { not: "" } } })]).toEqual([0, 0]);
  }
});
