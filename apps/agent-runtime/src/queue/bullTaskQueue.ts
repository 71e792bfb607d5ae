import { AppError, type Lane } from "@signalbox/model";
import { DelayedError, type Job, type JobsOptions, Queue, type Worker } from "bullmq";
import type { Logger } from "pino";
import { withinMs } from "../domains/withinMs.ts";
import { DELIVERY, STORE_AWAY_RETRY_MS } from "./delivery.ts";
import { FairShares, TURNS_MAX } from "./fairShares.ts";
import { postgresBackend } from "./postgresBackend.ts";
import { PromptWorker } from "./promptWorker.ts";
import { openStoreWatch } from "./storeWatch.ts";
import type { Delivered, Handled, QueuedTask, QueueWorker, TaskQueue } from "./taskQueue.ts";

const QUEUE_NAME = "tasks";
const JOB_NAME = "task";

/** The PostgreSQL schema that belongs to the queue alone. */
const QUEUE_SCHEMA = "signalbox_queue";

/** A finished job leaves no trace in the queue, so that its id is free when a dead task is redriven; the journal keeps the history. */
const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true, attempts: 1_000_000, backoff: { type: "fixed", delay: 1_000 } } as const;

/**
 * The base of a job's BullMQ priority; a task's turn is added to it. Jobs without a priority (0) go first, then lower numbers before higher
 * ones. The batch lane starts behind every possible turn of the interactive one.
 */
const LANE_PRIORITY: Record<Lane, number> = { interactive: 0, batch: TURNS_MAX + 1 };

/** How old the knowledge of the current turn may be, in milliseconds. */
const TURN_AGE_MS = 100;

/**
 * Time limits for the store to be opened, to take tasks in, to count them, and to be closed, in milliseconds. While a process starts on a
 * busy machine, opening may take long without anything being wrong.
 */
const ANSWER_MS_MAX = { open: 30_000, enqueue: 5_000, depth: 2_000, close: 2_000 };

/** A build's queue is closed after this idle time, in milliseconds, because it holds connections of its own. */
const UNUSED_MS = 600_000;

/** The name of a build's queue; null is the queue of tasks that any worker may serve. */
const queueNameOf = (build: string | null): string => (build === null ? QUEUE_NAME : `${QUEUE_NAME}-${build}`);

/** Where the queue lives: Redis when there is one, else PostgreSQL. */
export type QueueStore = { redisUrl: string } | { databaseUrl: string };

/** The parts of a BullMQ job, queue and worker that we use, whatever the back end. */
type QueueJob = Pick<Job, "id" | "moveToDelayed">;
type Handle = (job: QueueJob, token?: string) => Promise<void>;
type JobQueue = Pick<Queue, "getJobCounts" | "close" | "disconnect" | "waitUntilReady"> & {
  getPrioritized: (start: number, end: number) => Promise<{ opts: JobsOptions }[]>;
  addBulk: (jobs: { name: string; data: object; opts: JobsOptions }[]) => Promise<unknown>;
  on: (event: "error", listener: (error: Error) => void) => unknown;
};
type JobWorker = Pick<Worker, "isRunning" | "close"> & { on: JobQueue["on"] };
type BackEnd = { queue: JobQueue; openWorker: (handle: Handle, tasksMax: number) => JobWorker };

function onPostgres(databaseUrl: string, name: string): BackEnd {
  const connection = { connectionString: databaseUrl, schema: QUEUE_SCHEMA, migrate: true, max: 8 };
  return {
    queue: new Queue(name, { connection }, postgresBackend),
    openWorker: (handle, tasksMax) => new PromptWorker(name, handle, { connection, ...DELIVERY, concurrency: tasksMax }, postgresBackend),
  };
}

function onRedis(redisUrl: string, name: string): BackEnd {
  // Requests wait for the store without end: how long their callers wait is the store watch's business.
  const connection = { url: redisUrl, retryStrategy: () => STORE_AWAY_RETRY_MS, maxRetriesPerRequest: null };
  return {
    queue: new Queue(name, { connection }),
    openWorker: (handle, tasksMax) => new PromptWorker(name, handle, { connection, ...DELIVERY, concurrency: tasksMax }),
  };
}

/** Closes a queue. If its store is away, requests without an answer are given up. */
async function closeQueue(queue: JobQueue): Promise<void> {
  if ((await withinMs(ANSWER_MS_MAX.close, queue.close())) !== "too late") return;
  // The client does not say when it has ended if it is between two tries to connect.
  queue.disconnect().catch(() => undefined);
}

/** Runs `handle` on a job. A task that asks for another run stays the same job, so that nobody can queue it twice meanwhile. */
async function handleJob(job: QueueJob, token: string | undefined, handle: (delivered: Delivered) => Promise<Handled>): Promise<void> {
  if (job.id === undefined) return;
  const handled = await handle({ taskId: job.id });
  if (handled.kind === "finished") return;
  await job.moveToDelayed(Date.now() + handled.delayMs, token);
  throw new DelayedError();
}

/** The function that adds tasks to one queue, in the fair order of each lane's projects. */
function openFairQueue({ queue }: BackEnd) {
  const shares: Record<Lane, FairShares> = { interactive: new FairShares(), batch: new FairShares() };
  let readMs = Number.NEGATIVE_INFINITY;

  /** Reads the current turn from the first job in line. */
  async function lookWhoseTurn(): Promise<void> {
    readMs = Date.now();
    const [first] = await queue.getPrioritized(0, 0);
    const priority = first?.opts.priority ?? null;
    const isBatch = priority !== null && priority >= LANE_PRIORITY.batch;
    if (isBatch) shares.batch.isAt(priority - LANE_PRIORITY.batch);
    else if (priority !== null) shares.interactive.isAt(priority);
    // While interactive tasks wait, the batch lane stands still.
    if (priority !== null && !isBatch) return;
    const isIdle = Object.values(await queue.getJobCounts("active", "delayed")).every((jobs) => jobs === 0);
    shares.interactive.nothingWaits(isIdle);
    if (!isBatch) shares.batch.nothingWaits(isIdle);
  }

  return async (tasks: readonly QueuedTask[]): Promise<void> => {
    if (Date.now() - readMs >= TURN_AGE_MS) await lookWhoseTurn();
    const jobs = tasks.map(({ id: jobId, lane = "interactive", project }) => {
      const priority = LANE_PRIORITY[lane] + shares[lane].turnOf(project);
      return { name: JOB_NAME, data: {}, opts: { ...JOB_OPTIONS, jobId, ...(priority === 0 ? {} : { priority }) } };
    });
    await queue.addBulk(jobs);
  };
}

/** A build's open queue, the time of its last use, and whether this process takes tasks off it. */
type OpenQueue = BackEnd & { add: (tasks: readonly QueuedTask[]) => Promise<void>; usedMs: number; isWorked: boolean };

/**
 * Opens the task queue on its store. Throws `infrastructure` when the store cannot be reached. A build's queue that was idle for `unusedMs`
 * is closed until its next use.
 */
export async function openTaskQueue(store: QueueStore, log: Logger, unusedMs = UNUSED_MS): Promise<TaskQueue> {
  const openBackEnd = (build: string | null): BackEnd => {
    const name = queueNameOf(build);
    const opened = "redisUrl" in store ? onRedis(store.redisUrl, name) : onPostgres(store.databaseUrl, name);
    opened.queue.on("error", (error) => log.warn({ err: error }, "the queue's connection has a problem"));
    return opened;
  };
  const opened = new Map<string | null, OpenQueue>();
  const closeUnused = (): void => {
    for (const [build, { queue, usedMs, isWorked }] of opened) {
      if (build === null || isWorked || Date.now() - usedMs < unusedMs) continue;
      opened.delete(build);
      closeQueue(queue).catch((error: unknown) => log.warn({ err: error }, "a queue that nobody uses could not be closed"));
    }
  };
  const queueOf = (build: string | null): OpenQueue => {
    const known = opened.get(build);
    if (known !== undefined) {
      known.usedMs = Date.now();
      return known;
    }
    closeUnused();
    const backEnd = openBackEnd(build);
    const open = { ...backEnd, add: openFairQueue(backEnd), usedMs: Date.now(), isWorked: false };
    opened.set(build, open);
    return open;
  };
  const ask = async (): Promise<void> => void (await queueOf(null).queue.getPrioritized(0, 0));
  const watch = openStoreWatch(ask, log);
  await watch
    .answered(ANSWER_MS_MAX.open, () => queueOf(null).queue.waitUntilReady())
    .catch((cause: unknown) => {
      const name = "redisUrl" in store ? "REDIS_URL" : "DATABASE_URL";
      throw new AppError("infrastructure", `The queue's store does not answer at ${name}.`, {
        cause,
        hint: "Is the server running, and the URL right?",
      });
    });

  return {
    enqueue: async (tasks) => {
      const byBuild = Map.groupBy(tasks, ({ build = null }) => build);
      for (const [build, queued] of byBuild) await watch.needed(ANSWER_MS_MAX.enqueue, () => queueOf(build).add(queued));
    },
    work: (handle, tasksMax, build): QueueWorker => {
      const workers = [null, ...(build === undefined ? [] : [build])].map((one) => {
        const queue = queueOf(one);
        queue.isWorked = true;
        const worker = queue.openWorker((job, token) => handleJob(job, token, handle), tasksMax);
        worker.on("error", (error) => log.warn({ err: error }, "the queue's worker has a problem"));
        return worker;
      });
      return {
        isRunning: () => workers.every((worker) => worker.isRunning()),
        close: async () => {
          await Promise.all(workers.map((worker) => worker.close()));
        },
      };
    },
    depth: async (builds) => {
      const sum = { waiting: 0, active: 0, delayed: 0 };
      // Counting all queues does not count as a use of any.
      for (const { queue } of builds === undefined ? opened.values() : new Set([null, ...builds]).values().map(queueOf)) {
        const counts = await watch.answered(ANSWER_MS_MAX.depth, () => queue.getJobCounts("waiting", "prioritized", "active", "delayed"));
        const { waiting = 0, prioritized = 0, active = 0, delayed = 0 } = counts;
        sum.waiting += waiting + prioritized;
        sum.active += active;
        sum.delayed += delayed;
      }
      return sum;
    },
    ping: () => watch.answered(ANSWER_MS_MAX.depth, ask),
    close: async () => {
      watch.close();
      await Promise.all([...opened.values()].map(({ queue }) => closeQueue(queue)));
    },
  };
}
