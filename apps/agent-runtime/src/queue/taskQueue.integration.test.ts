import { fork } from "node:child_process";
import { once } from "node:events";
import { startTestStores, type TestStores } from "@signalbox/db/embedded";
import { createPrisma } from "@signalbox/db/prisma";
import { newId } from "@signalbox/model";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aCuttableWay } from "../testing/cuttableWay.ts";
import { HAS_REDIS, openTestRedis } from "../testing/testRedis.ts";
import { until } from "../testing/testRuntime.ts";
import { openTaskQueue, type QueueStore } from "./bullTaskQueue.ts";
import { DELIVERY } from "./delivery.ts";
import type { Delivered, QueuedTask, TaskQueue } from "./taskQueue.ts";

const LOG = pino({ level: "silent" });

async function openQueue(store: QueueStore, unusedMs?: number): Promise<TaskQueue & AsyncDisposable> {
  const queue = await openTaskQueue(store, LOG, unusedMs);
  return Object.assign(queue, { [Symbol.asyncDispose]: queue.close });
}

const queued = (ids: readonly string[], task: Omit<QueuedTask, "id"> = {}): QueuedTask[] => ids.map((id) => ({ id, ...task }));

/** How long the store blocks others from a task that a dead worker was running, and from checking for such tasks; milliseconds. */
type Held = { lockMs: number; lookMs: number };

/** The contract of every queue back end. `heldOf` reads the locks from the store itself. */
function taskQueueContract(store: () => QueueStore, heldOf: (taskId: string) => Promise<Held>) {
  test("a task is delivered once, however often it is queued", async () => {
    await using queue = await openQueue(store());
    const ids = Array.from({ length: 20 }, newId);
    await queue.enqueue(queued(ids));
    await queue.enqueue(queued(ids));
    const delivered: string[] = [];
    const worker = queue.work(async ({ taskId }) => {
      delivered.push(taskId);
      await queue.enqueue(queued([taskId]));
      return { kind: "finished" };
    }, 4);
    await until("an empty queue", async () => Object.values(await queue.depth()).every((tasks) => tasks === 0));
    await worker.close();
    expect(delivered.toSorted()).toEqual(ids.toSorted());
  });

  test("a task that asks for another run comes again, and stays the same job meanwhile", async () => {
    await using queue = await openQueue(store());
    const id = newId();
    await queue.enqueue(queued([id]));
    let deliveries = 0;
    const worker = queue.work(async () => {
      deliveries += 1;
      return deliveries === 1 ? { kind: "again", delayMs: 4_000 } : { kind: "finished" };
    }, 4);
    await until("the delay", async () => (await queue.depth()).delayed === 1);
    await queue.enqueue(queued([id]));
    expect(await queue.depth()).toEqual({ waiting: 0, active: 0, delayed: 1 });
    await until("the second delivery", async () => Object.values(await queue.depth()).every((tasks) => tasks === 0));
    await worker.close();
    expect(deliveries).toBe(2);
  });

  test("interactive tasks go before the batch lane, whenever they arrived", async () => {
    await using queue = await openQueue(store());
    const [batch, interactive] = [
      [newId(), newId()],
      [newId(), newId()],
    ];
    await queue.enqueue(queued(batch, { lane: "batch" }));
    await queue.enqueue(queued(interactive));
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

  test.each(["interactive", "batch"] as const)("one project's thousands do not hold up another's task in the %s lane", async (lane) => {
    // A build of its own, so that no other test has to work the rest off.
    const build = `flood-${lane}`;
    await using queue = await openQueue(store());
    for (let left = 10_000; left > 0; left -= 500)
      await queue.enqueue(queued(Array.from({ length: 500 }, newId), { project: "flood", lane, build }));
    // Another gateway, which knows of the flood only through the queue.
    await using other = await openQueue(store());
    const few = [newId(), newId()];
    await other.enqueue(queued(few, { project: "few", lane, build }));

    const delivered: string[] = [];
    const worker = queue.work(
      async ({ taskId }) => {
        delivered.push(taskId);
        return { kind: "finished" };
      },
      1,
      build,
    );
    await until("the few", async () => few.every((id) => delivered.includes(id)));
    await worker.close();
    // At most two quanta of 16 tasks go before.
    expect(few.map((id) => delivered.indexOf(id)).filter((place) => place > 34)).toEqual([]);
  });

  test("a task of a build waits for a worker of that build", async () => {
    await using queue = await openQueue(store());
    const [mine, theirs, anybodys] = [newId(), newId(), newId()];
    await queue.enqueue([...queued([mine], { build: "b1" }), ...queued([theirs], { build: "b2" }), ...queued([anybodys])]);
    const delivered: string[] = [];
    const handle = async ({ taskId }: Delivered) => {
      delivered.push(taskId);
      return { kind: "finished" as const };
    };
    const first = queue.work(handle, 2, "b1");
    await until("two tasks", async () => delivered.length === 2);
    await first.close();
    expect(await queue.depth()).toEqual({ waiting: 1, active: 0, delayed: 0 });
    expect(delivered.toSorted()).toEqual([mine, anybodys].toSorted());
    expect(await queue.depth(["b1"])).toEqual({ waiting: 0, active: 0, delayed: 0 });
    await using late = await openQueue(store());
    expect((await late.depth(["b2"])).waiting).toBe(1);
    const second = late.work(handle, 2, "b2");
    await until("the third task", async () => delivered.length === 3);
    await second.close();
  });

  test("the queue of a build that nobody uses is closed, and opened when it is used again", async () => {
    await using queue = await openQueue(store(), 0);
    const before = await queue.depth();
    const [one, other] = [newId(), newId()];
    await queue.enqueue(queued([one], { build: "unused-1" }));
    expect((await queue.depth()).waiting).toBe(before.waiting + 1);
    await queue.enqueue(queued([other], { build: "unused-2" }));
    expect((await queue.depth()).waiting).toBe(before.waiting + 1);
    expect((await queue.depth(["unused-1"])).waiting).toBe(1);
  });

  test("a task whose handler throws is delivered again", async () => {
    await using queue = await openQueue(store());
    await queue.enqueue(queued([newId()]));
    let deliveries = 0;
    const worker = queue.work(async () => {
      deliveries += 1;
      if (deliveries === 1) throw new Error("the database is away");
      return { kind: "finished" };
    }, 1);
    await until("the second delivery", async () => deliveries === 2);
    await worker.close();
  });

  test("a task of a worker that was killed is delivered again", async () => {
    await using queue = await openQueue(store());
    const id = newId();
    await queue.enqueue(queued([id]));
    const doomed = fork(new URL("__fixtures__/endlessWorker.ts", import.meta.url), [JSON.stringify(store())]);
    expect(await once(doomed, "message")).toEqual([id, undefined]);
    // In Redis, a missing key or one that never expires is below 0; a dead worker's lock may be over before anybody looks.
    await until("both are held, and not for ever", async () => {
      const held = await heldOf(id);
      return held.lockMs > 0 && held.lookMs > 0;
    });
    const gone = once(doomed, "exit");
    doomed.kill("SIGKILL");
    await gone;
    const { lockMs, lookMs } = await heldOf(id);
    expect(lockMs).toBeLessThanOrEqual(DELIVERY.lockDuration);
    expect(lookMs).toBeLessThanOrEqual(DELIVERY.stalledInterval);

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

  taskQueueContract(
    () => ({ databaseUrl: stores.databaseUrl }),
    async (taskId) => {
      const prisma = createPrisma(stores.databaseUrl);
      const nowMs = Date.now();
      const [held = { until: Number.NaN, looked: Number.NaN }] = await prisma.$queryRaw<{ until: number; looked: number }[]>`
        SELECT locked_until_ms::double precision AS until, value::double precision AS looked
        FROM signalbox_queue.job JOIN signalbox_queue.meta USING (queue) WHERE id = ${taskId} AND field = 'stalled-check'`;
      await prisma.$disconnect();
      return { lockMs: held.until - nowMs, lookMs: held.looked + DELIVERY.stalledInterval - nowMs };
    },
  );

  test("a worker and a queue that were opened while PostgreSQL was away work when it is back", async () => {
    await using way = await aCuttableWay(stores.databaseUrl);
    await using queue = await openQueue({ databaseUrl: way.url });
    const task = queued([newId()], { build: "opened-late" });
    way.cut();
    const delivered: string[] = [];
    const worker = queue.work(
      async ({ taskId }) => {
        delivered.push(taskId);
        return { kind: "finished" };
      },
      1,
      "opened-late",
    );
    const isQueued = () =>
      queue.enqueue(task).then(
        () => true,
        () => false,
      );
    expect(await isQueued()).toBe(false);
    way.mend();
    await until("the queue", isQueued);
    await until("the worker", async () => delivered.length > 0);
    await worker.close();
    expect(delivered).toEqual(task.map(({ id }) => id));
  });

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

  taskQueueContract(
    () => ({ redisUrl: redis.url }),
    async (taskId) => {
      const client = new Redis(redis.url);
      const [lockMs, lookMs] = [await client.pttl(`bull:tasks:${taskId}:lock`), await client.pttl("bull:tasks:stalled-check")];
      client.disconnect();
      return { lockMs, lookMs };
    },
  );

  test("while Redis is away, tasks are refused without waiting each time, and accepted again when it is back", async () => {
    await using way = await aCuttableWay(redis.url);
    // A build of its own, so that no other test has to work it off.
    const task = () => queued([newId()], { build: "cut-off" });
    await using queue = await openQueue({ redisUrl: way.url });
    await queue.enqueue(task());
    way.cut();
    const late = openQueue({ redisUrl: way.url });
    late.catch(() => undefined);
    await expect(queue.ping()).rejects.toThrow("did not answer");
    await expect(queue.enqueue(task())).rejects.toThrow("did not answer");
    const away = expect.objectContaining({ code: "upstream_unavailable", message: "The queue's store is away." });
    for (const ask of [() => queue.enqueue(task()), () => queue.ping(), () => queue.depth()]) await expect(ask()).rejects.toEqual(away);
    way.mend();
    await until("the store", async () =>
      queue.ping().then(
        () => true,
        () => false,
      ),
    );
    await queue.enqueue(task());
    expect((await queue.depth(["cut-off"])).waiting).toBeGreaterThanOrEqual(2);
    // A queue that is opened has more time than a task that is queued.
    await (await late).close();
  });

  test("a queue whose Redis is away, and owes it an answer, can be closed", async () => {
    await using way = await aCuttableWay(redis.url);
    const queue = await openQueue({ redisUrl: way.url });
    way.cut();
    await expect(queue.ping()).rejects.toThrow("did not answer");
    await queue.close();
  });
});
