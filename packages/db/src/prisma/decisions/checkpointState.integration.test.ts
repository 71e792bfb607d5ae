import { createPrivateKey } from "node:crypto";
import { newCheckpointKey } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fillDecisions } from "../../decisionLog/index.ts";
import { startTestStores, type TestStores } from "../../embedded/index.ts";
import { aDeadLetter, storeDeadLetters } from "../../testing/index.ts";
import { createPrisma, makeCheckpoint, type PrismaClient, readCheckpointState, rememberExport } from "../index.ts";

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

test("what is signed, what is behind it since when, and who outside was told", async () => {
  expect(await readCheckpointState(prisma)).toEqual({
    last: null,
    eventsWaiting: 0,
    isMoreWaiting: false,
    waitingSince: null,
    exports: [],
  });
  await fillDecisions(stores.databaseUrl, { events: 100, signal: new AbortController().signal, progress: () => {} });
  expect(await readCheckpointState(prisma)).toMatchObject({ last: null, eventsWaiting: 100, waitingSince: "2026-11-26T00:00:00.000Z" });
  const now = new Date("2026-11-27T12:00:00Z");
  await makeCheckpoint(prisma, { now, newsMax: 1_000, key: createPrivateKey(newCheckpointKey()) });
  await rememberExport(prisma, "file", 1);
  const letter = aDeadLetter();
  await storeDeadLetters(prisma, [letter]);
  expect(await readCheckpointState(prisma)).toEqual({
    ...{ last: { number: 1, time: now.toISOString(), events: 100 }, eventsWaiting: 2, isMoreWaiting: false },
    ...{ waitingSince: letter.lastFailedAt, exports: [{ target: "file", number: 1 }] },
  });
});
