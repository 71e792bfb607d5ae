import { fork } from "node:child_process";
import { once } from "node:events";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { newId } from "@signalbox/model";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HAS_REDIS, openTestRedis } from "../testing/testRedis.ts";
import { until } from "../testing/testRuntime.ts";
import { openTaskQueue, type QueueStore } from "./bullTaskQueue.ts";
import type { Delivered, TaskQueue } from "./taskQueue.ts";

const LOG = pino({ level: "silent" });

async function openQueue(store: QueueStore): Promise<TaskQueue & AsyncDisposable> {
  const queue = await openTaskQueue(store, LOG);
  return Object.assign(queue, { [Symbol.asyncDispose]: queue.close });
}

/** What every back end must do. */
function taskQueueContract(store: () => QueueStore) {
  test("a task is delivered once, however often it is queued", async () => {
    await using queue = await openQueue(store());
    const ids = Array.from({ length: 20 }, newId);
    await queue.enqueue(ids);
    await queue.enqueue(ids);
    const delivered: string[] = [];
    const worker = queue.work(async ({ taskId }) => {
      delivered.push(taskId);
      await queue.enqueue([taskId]);
      return { kind: "finished" };
    }, 4);
    await until("an empty queue", async () => Object.values(await queue.depth()).every((tasks) => tasks === 0));
    await worker.close();
    expect(delivered.toSorted()).toEqual(ids.toSorted());
  });

  test("a task that wants another go comes again, and stays the same job meanwhile", async () => {
    await using queue = await openQueue(store());
    const id = newId();
    await queue.enqueue([id]);
    let deliveries = 0;
    const worker = queue.work(async () => {
      deliveries += 1;
      return deliveries === 1 ? { kind: "again", delayMs: 1_000 } : { kind: "finished" };
    }, 4);
    await until("the delay", async () => (await queue.depth()).delayed === 1);
    await queue.enqueue([id]);
    expect(await queue.depth()).toEqual({ waiting: 0, active: 0, delayed: 1 });
    await until("the second delivery", async () => Object.values(await queue.depth()).every((tasks) => tasks === 0));
    await worker.close();
    expect(deliveries).toBe(2);
  });

  test("what somebody waits for goes before the batch lane, whenever it came", async () => {
    await using queue = await openQueue(store());
    const [batch, interactive] = [
      [newId(), newId()],
      [newId(), newId()],
    ];
    await queue.enqueue(batch, "batch");
    await queue.enqueue(interactive);
    expect(await queue.depth()).toEqual({ waiting: 4, active: 0, delayed: 0 });
    const delivered: string[] = [];
    const worker = queue.work(async ({ taskId }) => {
      delivered.push(taskId);
      return { kind: "finished" };
    }, 1);
    await until("an empty queue", async () => Object.values(await queue.depth()).every((tasks) => tasks === 0));
    await worker.close();
    expect(delivered).toEqual([...interactive, ...batch]);
  });

  test("a task whose handler throws is delivered again", async () => {
    await using queue = await openQueue(store());
    await queue.enqueue([newId()]);
    let deliveries = 0;
    const worker = queue.work(async () => {
      deliveries += 1;
      if (deliveries === 1) throw new Error("the database is away");
      return { kind: "finished" };
    }, 1);
    await until("the second delivery", async () => deliveries === 2);
    await worker.close();
  });

  test("a task in the hand of a worker that was killed is delivered again", async () => {
    await using queue = await openQueue(store());
    const id = newId();
    await queue.enqueue([id]);
    const doomed = fork(new URL("__fixtures__/endlessWorker.ts", import.meta.url), [JSON.stringify(store())]);
    expect(await once(doomed, "message")).toEqual([id, undefined]);
    doomed.kill("SIGKILL");

    const deliveries: Delivered[] = [];
    const worker = queue.work(async (delivered) => {
      deliveries.push(delivered);
      return { kind: "finished" };
    }, 1);
    await until("the second delivery", async () => deliveries.length > 0);
    await worker.close();
    expect(deliveries).toEqual([{ taskId: id }]);
  });
}

describe("on PostgreSQL", () => {
  let stores: TestStores;
  beforeAll(async () => {
    stores = await startTestStores({ only: "postgres" });
  });
  afterAll(() => stores[Symbol.asyncDispose]());

  taskQueueContract(() => ({ databaseUrl: stores.databaseUrl }));

  test("a store that does not answer is one clear sentence", async () => {
    const nowhere = { databaseUrl: "postgresql://nobody:nothing@127.0.0.1:9/none" };
    await expect(openTaskQueue(nowhere, LOG)).rejects.toThrow(expect.objectContaining({ code: "infrastructure" }));
  });
});

describe.skipIf(!HAS_REDIS)("on Redis (skipped without REDIS_URL, where redis-server is not on the PATH)", () => {
  let redis: Awaited<ReturnType<typeof openTestRedis>>;
  beforeAll(async () => {
    redis = await openTestRedis();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  taskQueueContract(() => ({ redisUrl: redis.url }));
});
