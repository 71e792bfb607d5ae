import { openJournalStore } from "@signalbox/db/prisma";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openGateway } from "../gateway/gateway.ts";
import { openTaskQueue, type QueueStore } from "../queue/bullTaskQueue.ts";
import { aGateway, anAdmittedTask, aRunner, openStage, type Stage } from "../testing/stage.ts";
import { HAS_REDIS, openTestRedis } from "../testing/testRedis.ts";
import { until } from "../testing/testRuntime.ts";
import { openQuarantine } from "./quarantine.ts";
import { openWorker } from "./worker.ts";

const LOG = pino({ level: "silent" });
const RUNNING_MAX = 2;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

/** A worker whose tasks of project `slow` run until they are released; `underWay` holds those that it runs. */
function aSlowProject(slow: string) {
  const journals = openJournalStore(stage.prisma, { runningMax: RUNNING_MAX });
  const runner = aRunner(stage.prisma, { journals, quarantine: openQuarantine(journals, 0), runningMax: RUNNING_MAX });
  const { promise: letGo, resolve } = Promise.withResolvers<void>();
  const seen = { underWay: 0, mostUnderWay: 0 };
  const { language } = runner.services;
  const understand: typeof language.understand = async (request) => {
    if (request.message.includes(slow)) {
      seen.underWay += 1;
      seen.mostUnderWay = Math.max(seen.mostUnderWay, seen.underWay);
      await letGo;
      seen.underWay -= 1;
    }
    return language.understand(request);
  };
  return { runner: { ...runner, services: { ...runner.services, language: { ...language, understand } } }, seen, letGo: resolve };
}

async function expectOthersToGoOn(store: QueueStore, slow: string, quick: string): Promise<void> {
  const queue = await openTaskQueue(store, LOG);
  const gateway = await openGateway(aGateway(stage, queue, { runningMax: RUNNING_MAX }));
  const message = "Please cancel reservation K2X4YZ";
  const slowOnes = await Promise.all(
    Array.from({ length: 6 }, () => anAdmittedTask(stage.prisma, { project: slow, message: `${message} ${slow}` })),
  );
  const quickOnes = await Promise.all(Array.from({ length: 6 }, () => anAdmittedTask(stage.prisma, { project: quick, message })));
  await queue.enqueue([...slowOnes.map((id) => ({ id, project: slow })), ...quickOnes.map((id) => ({ id, project: quick }))]);

  const { runner, seen, letGo } = aSlowProject(slow);
  // With three slots and no limit per project, the slow project would take them all.
  const worker = openWorker(runner, queue, 3, new Registry(), LOG);
  const ended = (ids: readonly string[]) => stage.prisma.task.count({ where: { id: { in: [...ids] }, status: { in: ["done", "dead"] } } });
  await until("the quick project", async () => (await ended(quickOnes)) === quickOnes.length);
  await until("two slow tasks", async () => seen.underWay === RUNNING_MAX);
  expect(await ended(slowOnes)).toBe(0);

  const waiting = await stage.prisma.task.findFirstOrThrow({ where: { project: slow, status: "queued" } });
  expect(await (await fetch(`${gateway.url}/v1/tasks/${waiting.id}`)).json()).toMatchObject({
    status: "queued",
    waitsFor: `Project ${slow} has 2 tasks at work, and may have 2: this one starts when one of them has ended.`,
  });
  expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain(`signalbox_gateway_held_tasks{project="${slow}"} 4`);

  letGo();
  await until("the slow project", async () => (await ended(slowOnes)) === slowOnes.length);
  await worker.close();
  await gateway.close();
  await queue.close();
  expect(seen.mostUnderWay).toBe(RUNNING_MAX);
}

test("a project's slow tasks take no more than its places, and all of them run in the end", async () => {
  await expectOthersToGoOn({ databaseUrl: stage.stores.databaseUrl }, "slow-1", "quick-1");
});

test.skipIf(!HAS_REDIS)("the same on Redis (skipped without REDIS_URL, where redis-server is not on the PATH)", async () => {
  await using redis = await openTestRedis();
  await expectOthersToGoOn({ redisUrl: redis.url }, "slow-2", "quick-2");
});
