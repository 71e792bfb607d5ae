import { ReplayPlan } from "@signalbox/model";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aDeadLetter, storeDeadLetters } from "../../testing/index.ts";
import { cancelReplays, createPrisma, expireSettled, keepReplays, type PrismaClient, readRecordings, trimReplays } from "../index.ts";

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
beforeEach(() => prisma.$executeRaw`TRUNCATE replay, redrive_item, dead_letter CASCADE`);

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

test("the record of a task says which of its letters is gone", async () => {
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  expect((await readRecordings(prisma, [letter.taskId]))[0]).toMatchObject({ runsWithoutLetter: [] });
  await prisma.deadLetter.update({ where: { id: letter.id }, data: asDiscarded(LONG_AGO) });
  await expireSettled(prisma, "default", BEFORE);
  expect((await readRecordings(prisma, [letter.taskId]))[0]).toMatchObject({ runsWithoutLetter: [1] });
});

async function replaysEnded(taskId: string, ends: readonly Date[]): Promise<string[]> {
  const order = { actor: "ada", reason: null, now: LONG_AGO, plan: ReplayPlan.parse({}), batchId: null };
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
    ...{ actor: "ada", reason: null, now: LONG_AGO, plan: ReplayPlan.parse({}), batchId: null },
  });
  const left = async () => (await prisma.replayRow.findMany({ orderBy: { endedAt: { sort: "asc", nulls: "last" } } })).map(({ id }) => id);
  expect(await expireSettled(prisma, "default", BEFORE)).toEqual([{ table: "replay", rows: 1 }]);
  expect(await left()).toEqual([second, third, pending]);
  expect(await trimReplays(prisma, 1)).toEqual([{ project: "default", rows: 1 }]);
  expect(await left()).toEqual([third, pending]);
});
