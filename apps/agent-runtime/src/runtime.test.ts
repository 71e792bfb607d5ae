import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma, listDecisions, loadWorld } from "@signalbox/db/prisma";
import { verifyChain } from "@signalbox/model";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoTask } from "./demo/demoTasks.ts";
import { DEMO_WORLD, demoWorld } from "./services/tools/airline/demoWorld.ts";
import { finished, openTestRuntime, postTask } from "./testing/testRuntime.ts";

const DATA = demoWorld();
let stores: TestStores;

beforeAll(async () => {
  stores = await startTestStores();
  await using prisma = createPrisma(stores.databaseUrl);
  await loadWorld(prisma, DEMO_WORLD, DATA);
});
afterAll(() => stores[Symbol.asyncDispose]());

test("tasks end in exactly one place, each with a whole chain of decisions", async () => {
  await using runtime = await openTestRuntime(stores);
  await using prisma = createPrisma(stores.databaseUrl);
  const tasks = Array.from({ length: 60 }, (_, index) => demoTask(DATA, 3, index));
  for (const task of tasks) expect((await postTask(runtime.config.gatewayUrl, task)).status).toBe(201);
  for (const task of tasks) {
    const ended = await finished(runtime.config.gatewayUrl, String(task.id));
    expect(ended.status, task.message).toBe(task.expectation === undefined ? "dead" : "done");
    expect(verifyChain(await listDecisions(prisma, ended.id))).toEqual({ kind: "whole" });
  }
});
