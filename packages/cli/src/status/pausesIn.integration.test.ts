import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pausesIn } from "./pausesIn.ts";

let stores: TestStores;
let prisma: ReturnType<typeof createPrisma>;

beforeAll(async () => {
  stores = await startTestStores({ only: "postgres" });
  prisma = createPrisma(stores.databaseUrl, { connectionsMax: 1 });
});
afterAll(async () => {
  await prisma?.$disconnect();
  await stores?.[Symbol.asyncDispose]();
});

/** The number of connections to the database besides the one that counts. */
async function othersConnected(): Promise<number> {
  const others = "pid <> pg_backend_pid() AND backend_type = 'client backend'";
  const [row] = await prisma.$queryRawUnsafe<{ count: number }[]>(`SELECT count(*)::int AS count FROM pg_stat_activity WHERE ${others}`);
  return row?.count ?? 0;
}

test("asking for pauses leaves no connection, which would keep the command from ending for ten seconds", async () => {
  await othersConnected();
  expect(await pausesIn(stores.databaseUrl)).toEqual([]);
  await expect.poll(othersConnected).toBe(0);
});
