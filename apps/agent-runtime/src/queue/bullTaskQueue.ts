import { setTimeout as delay } from "node:timers/promises";
import { AppError, type Lane } from "@signalbox/model";
import { createPostgresBackend, DelayedError, type Job, type JobsOptions, Queue, Worker } from "bullmq";
import type { Logger } from "pino";
import type { Delivered, Handled, QueueWorker, TaskQueue } from "./taskQueue.ts";

const QUEUE_NAME = "tasks";
const JOB_NAME = "task";

/** The PostgreSQL schema that the queue has to itself. */
const QUEUE_SCHEMA = "signalbox_queue";

/**
 * A worker that is gone is noticed within `lockDuration` + `stalledInterval`. BullMQ would give a job up after some stalls and so blame
 * tasks that merely stood beside the one that killed the worker; whether a task is given up is the journal's to say, so its own limits
 * are out of reach. A renewal of locks may fail for a moment (its SQL can deadlock with a job that ends), so there is time for two.
 */
const DELIVERY = {
  lockDuration: 3_000,
  lockRenewTime: 1_000,
  stalledInterval: 1_000,
  maxStalledCount: 1_000_000,
  runRetryDelay: 1_000,
  drainDelay: 5,
} as const;

/** A job leaves no trace in the queue, so that its id is free when a dead task is redriven; the journal keeps the history. */
const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1_000_000, backoff: { type: "fixed", delay: 1_000 } } as const;

/** What BullMQ knows a lane by: jobs without a priority go before all that have one. */
const LANE_OPTIONS: Record<Lane, JobsOptions> = { interactive: {}, batch: { priority: 1 } };

/** Where the queue lives: Redis when there is one, else PostgreSQL. */
export type QueueStore = { redisUrl: string } | { databaseUrl: string };

/** What we use of a BullMQ job, queue and worker, whatever the back end. */
type QueueJob = Pick<Job, "id" | "moveToDelayed">;
type Handle = (job: QueueJob, token?: string) => Promise<void>;
type JobQueue = Pick<Queue, "getJobCounts" | "close" | "waitUntilReady"> & {
  addBulk: (jobs: { name: string; data: object; opts: JobsOptions }[]) => Promise<unknown>;
  on: (event: "error", listener: (error: Error) => void) => unknown;
};
type JobWorker = Pick<Worker, "isRunning" | "close"> & { on: JobQueue["on"] };
type BackEnd = { queue: JobQueue; openWorker: (handle: Handle, tasksMax: number) => JobWorker };

function onPostgres(databaseUrl: string): BackEnd {
  const connection = { connectionString: databaseUrl, schema: QUEUE_SCHEMA, migrate: true, max: 8 };
  return {
    queue: new Queue(QUEUE_NAME, { connection }, createPostgresBackend),
    openWorker: (handle, tasksMax) =>
      new Worker(QUEUE_NAME, handle, { connection, ...DELIVERY, concurrency: tasksMax }, createPostgresBackend),
  };
}

function onRedis(redisUrl: string): BackEnd {
  return {
    queue: new Queue(QUEUE_NAME, { connection: { url: redisUrl } }),
    openWorker: (handle, tasksMax) =>
      new Worker(QUEUE_NAME, handle, {
        connection: { url: redisUrl, maxRetriesPerRequest: null },
        ...DELIVERY,
        concurrency: tasksMax,
      }),
  };
}

/** Waits for the store at most so long: a Redis that is away is waited for without end otherwise. */
const ANSWER_TIMEOUT_MS = 5_000;

async function answered<Value>(work: Promise<Value>): Promise<Value> {
  const timeout = new AbortController();
  const late = delay(ANSWER_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
    throw new AppError("upstream_unavailable", `The queue's store did not answer within ${ANSWER_TIMEOUT_MS} ms.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timeout.abort();
  }
}

/** Runs `handle` on a job. A task that wants another go stays the same job, so that nobody can queue it twice meanwhile. */
async function handleJob(job: QueueJob, token: string | undefined, handle: (delivered: Delivered) => Promise<Handled>): Promise<void> {
  if (job.id === undefined) return;
  const handled = await handle({ taskId: job.id });
  if (handled.kind === "finished") return;
  await job.moveToDelayed(Date.now() + handled.delayMs, token);
  throw new DelayedError();
}

/** Opens the task queue on its store; throws `infrastructure` when the store cannot be reached. */
export async function openTaskQueue(store: QueueStore, log: Logger): Promise<TaskQueue> {
  const backEnd = "redisUrl" in store ? onRedis(store.redisUrl) : onPostgres(store.databaseUrl);
  backEnd.queue.on("error", (error) => log.warn({ err: error }, "the queue's connection has a problem"));
  await answered(backEnd.queue.waitUntilReady()).catch((cause: unknown) => {
    const name = "redisUrl" in store ? "REDIS_URL" : "DATABASE_URL";
    throw new AppError("infrastructure", `The queue's store does not answer at ${name}.`, {
      cause,
      hint: "Is the server running, and the URL right?",
    });
  });

  return {
    enqueue: async (taskIds, lane = "interactive") => {
      const options = { ...JOB_OPTIONS, ...LANE_OPTIONS[lane] };
      await answered(backEnd.queue.addBulk(taskIds.map((jobId) => ({ name: JOB_NAME, data: {}, opts: { ...options, jobId } }))));
    },
    work: (handle, tasksMax): QueueWorker => {
      const worker = backEnd.openWorker((job, token) => handleJob(job, token, handle), tasksMax);
      worker.on("error", (error) => log.warn({ err: error }, "the queue's worker has a problem"));
      return { isRunning: () => worker.isRunning(), close: () => worker.close() };
    },
    depth: async () => {
      const counts = await backEnd.queue.getJobCounts("waiting", "prioritized", "active", "delayed");
      const { waiting = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
      return { waiting: waiting + prioritized, active, delayed };
    },
    close: () => backEnd.queue.close(),
  };
}
