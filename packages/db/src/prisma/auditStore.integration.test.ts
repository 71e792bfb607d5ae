import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestStores, type TestStores } from "../embedded/index.ts";
import { type Act, audit, listAudit } from "./auditStore.ts";
import { createPrisma } from "./client.ts";
import type { PrismaClient } from "./generated/client.ts";

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

const anAct = (subject: string, now: Date): Act => ({
  ...{ project: "default", act: "rollout_started", subject, actor: "ann", reason: "", detail: {}, now },
});

test("acts come latest first, and those of one millisecond in one order however many are asked for", async () => {
  const now = new Date("2026-11-27T12:00:00.000Z");
  const together = Array.from({ length: 9 }, (_, index) => anAct(`at once ${index}`, now));
  await audit(prisma, [anAct("before", new Date(now.getTime() - 1)), ...together, anAct("after", new Date(now.getTime() + 1))]);
  const all = await listAudit(prisma, { project: "default", rowsMax: 20 });
  expect([all[0]?.subject, all.at(-1)?.subject]).toEqual(["after", "before"]);
  const ids = all.slice(1, -1).map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted().reverse());
  expect(await listAudit(prisma, { project: "default", rowsMax: 4 })).toEqual(all.slice(0, 4));
});
