import { type DeadLetterFilter, newId } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aDeadLetter, storeDeadLetters } from "../../testing/index.ts";
import { createPrisma } from "../client.ts";
import type { PrismaClient } from "../generated/client.ts";
import { forecastDiscard } from "../redrives/discardLetters.ts";
import { createRedrive, listRedrives } from "../redrives/redriveStore.ts";
import { countOpenDeadLetters, listDeadLetterGroups, listFailedVersions } from "./deadLetterGroups.ts";
import { listLetters, readDeadLetter } from "./deadLetterReader.ts";
import { listDeadLetters } from "./deadLetterStore.ts";

let stores: TestStores;
let prisma: PrismaClient;

const NOON_MS = Date.parse("2026-11-26T12:00:00.000Z");
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number): string => new Date(NOON_MS - hours * HOUR_MS).toISOString();

const slow = (hours: number, version = "1.0.0") =>
  aDeadLetter({ fingerprint: "slow", message: `No answer within ${hours} s.`, versions: [version], lastFailedAt: hoursAgo(hours) });
const refused = aDeadLetter({ fingerprint: "refused", cause: "not_retryable", message: "100% refused_here", lastFailedAt: hoursAgo(2) });
const again = slow(1, "1.1.0");
const letters = [slow(30), slow(3), again, refused];

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl);
  await storeDeadLetters(prisma, [...letters, aDeadLetter({ project: "other" })]);
  await prisma.deadLetter.update({ where: { id: letters[0]?.id ?? "" }, data: { redrivenAt: new Date(NOON_MS) } });
});
afterAll(async () => {
  await prisma.$disconnect();
  await stores[Symbol.asyncDispose]();
});

const steps = { fromMs: NOON_MS - 4 * HOUR_MS, stepMs: HOUR_MS, count: 4 };
const groupsOf = (filter: DeadLetterFilter, limit = 10) =>
  listDeadLetterGroups(prisma, { project: "default", filter, order: "last", steps, limit });

test("letters that failed alike are one group, with when they came, how many wait, and how the newest one failed", async () => {
  const { groups, groupsCount, lettersCount } = await groupsOf({});
  expect({ groupsCount, lettersCount }).toEqual({ groupsCount: 2, lettersCount: 4 });
  expect(groups).toMatchObject([
    {
      ...{ fingerprint: "slow", lettersCount: 3, openCount: 2, firstFailedAt: hoursAgo(30), lastFailedAt: hoursAgo(1) },
      ...{ message: "No answer within 1 s.", newestLetterId: again.id, causes: ["attempts_exhausted"], versions: ["1.0.0", "1.1.0"] },
      ...{ service: "signalbox-tools", tool: "book_reservation", errorClass: "not_found" },
      ...{ firstVersion: "1.0.0", lettersPerStep: [0, 1, 0, 1] },
    },
    { fingerprint: "refused", lettersCount: 1, openCount: 1, causes: ["not_retryable"], lettersPerStep: [0, 0, 1, 0] },
  ]);
});

test("a group is listed when one of its letters is in the state that is asked for, and counts the others too", async () => {
  const { groups, lettersCount } = await groupsOf({ state: "redriven" });
  expect(lettersCount).toBe(1);
  expect(groups).toMatchObject([{ fingerprint: "slow", lettersCount: 3, openCount: 2 }]);
  expect((await groupsOf({ state: "open" })).lettersCount).toBe(3);
  expect((await groupsOf({ state: "discarded" })).groups).toEqual([]);
});

test("a text means itself, and every condition has to hold", async () => {
  const names = async (filter: DeadLetterFilter) => (await groupsOf(filter)).groups.map(({ fingerprint }) => fingerprint);
  expect(await names({ text: "0% REFUSED_" })).toEqual(["refused"]);
  expect(await names({ text: "%" })).toEqual(["refused"]);
  expect(await names({ version: "1.1.0", cause: "attempts_exhausted" })).toEqual(["slow"]);
  expect(await names({ version: "1.1.0", cause: "not_retryable" })).toEqual([]);
  expect(await names({ service: "signalbox-tools", tool: "book_reservation", errorClass: "not_found" })).toEqual(["slow", "refused"]);
  expect(await names({ tool: "calculate" })).toEqual([]);
});

test("a page says how many groups there are beyond it", async () => {
  const { groups, groupsCount, lettersCount } = await groupsOf({}, 1);
  expect([groups.length, groupsCount, lettersCount]).toEqual([1, 2, 4]);
});

test("letters come page by page, the one that failed last first, in their project alone", async () => {
  const page = (cursor: Awaited<ReturnType<typeof listLetters>>["next"]) =>
    listLetters(prisma, { project: "default", filter: {}, cursor, limit: 3 });
  const first = await page(null);
  const second = await page(first.next);
  expect([...first.letters, ...second.letters].map(({ lastFailedAt }) => lastFailedAt)).toEqual([1, 2, 3, 30].map(hoursAgo));
  expect(second.next).toBeNull();
  expect(second.letters).toMatchObject([{ state: "redriven", name: "book a flight", attemptsCount: 1 }]);
});

test("a letter is read whole, with the other runs of its task", async () => {
  const later = aDeadLetter({ fingerprint: "slow", taskId: again.taskId, run: 2, lastFailedAt: hoursAgo(0.5) });
  await storeDeadLetters(prisma, [later]);
  const detail = await readDeadLetter(prisma, "default", again.id);
  expect(detail).toMatchObject({ letter: again, state: "open", taskStatus: "dead", redrivenAt: null });
  expect(detail?.history.map(({ id, run }) => [id, run])).toEqual([
    [again.id, 1],
    [later.id, 2],
  ]);
  expect(await readDeadLetter(prisma, "other", again.id)).toBeNull();
  await prisma.deadLetter.delete({ where: { id: later.id } });
});

test("the badge counts what waits, and the versions come in the order of their first letters", async () => {
  expect(await countOpenDeadLetters(prisma, "default", new Date(hoursAgo(2.5)))).toEqual({ open: 3, recent: 2 });
  expect(await countOpenDeadLetters(prisma, "nowhere", new Date(0))).toEqual({ open: 0, recent: 0 });
  expect(await listFailedVersions(prisma, "default")).toEqual([
    { version: "1.0.0", firstFailedAt: hoursAgo(30) },
    { version: "1.1.0", firstFailedAt: hoursAgo(1) },
  ]);
});

test("a letter that waits for its turn in a redrive is not open, and says who has it", async () => {
  const act = { selection: { kind: "letters" as const, ids: [refused.id] }, version: { kind: "any" as const }, payload: null };
  const order = { project: "default", name: "after the fix", reason: "fixed", actor: "ada", ratePerSecond: 1, tryFirst: null, ...act };
  const { redrive } = await createRedrive(prisma, order, { now: new Date(NOON_MS), confirm: () => undefined });
  expect((await groupsOf({ state: "claimed" })).groups).toMatchObject([{ fingerprint: "refused", lettersCount: 1, openCount: 0 }]);
  expect((await groupsOf({ state: "open" })).groups).toMatchObject([{ fingerprint: "slow" }]);
  expect(await countOpenDeadLetters(prisma, "default", new Date(hoursAgo(2.5)))).toEqual({ open: 2, recent: 1 });
  const done = { name: "done", reason: "fixed", actor: "rule r", selection: {}, version: {}, ratePerSecond: 1, state: "done", tokens: 0 };
  const later = new Date(NOON_MS + 1);
  await prisma.redriveRow.create({ data: { ...done, id: newId(), project: "default", tokensAt: later, createdAt: later, endedAt: later } });
  expect((await listRedrives(prisma, "default", { rowsMax: 1, isUnderWay: true })).map(({ id }) => id)).toEqual([redrive.id]);
  const holder = { redriveId: redrive.id, name: "after the fix", actor: "ada", since: hoursAgo(0) };
  expect(await readDeadLetter(prisma, "default", refused.id)).toMatchObject({ state: "claimed", holder });
  const filter = { state: "open", fingerprint: "refused" } as const;
  expect(await forecastDiscard(prisma, { project: "default", selection: { kind: "filter", filter } })).toMatchObject({
    discarded: 0,
    obstructed: [{ obstacle: "claimed", letters: 1 }],
  });
  const letter = await listLetters(prisma, { project: "default", filter: { state: "claimed" }, cursor: null, limit: 3 });
  expect(letter.letters.map(({ id }) => id)).toEqual([refused.id]);
});

test("a store that is away for a moment is said so by whoever reads letters", async () => {
  await using away = createPrisma("postgresql://ann:s3cret@127.0.0.1:9/x");
  const page = { project: "default", filter: {}, cursor: null, limit: 3 };
  const questions = [
    () => listLetters(away, page),
    () => readDeadLetter(away, "default", again.id),
    () => listDeadLetterGroups(away, { ...page, order: "last", steps }),
    () => listFailedVersions(away, "default"),
    () => countOpenDeadLetters(away, "default", new Date(0)),
    () => listDeadLetters(away, again.id),
  ];
  for (const ask of questions) await expect(ask()).rejects.toMatchObject({ code: "upstream_unavailable" });
});
