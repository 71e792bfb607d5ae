import { listUnservedTasks, type PrismaClient, type UnservedTask } from "@signalbox/db/prisma";
import { AppError, WORKER_GONE_AFTER_MS } from "@signalbox/model";
import { dateOfUs } from "../clock.ts";
import { failTask } from "./failTask.ts";
import { failureOf } from "./failure.ts";
import { openJournal, TaskTakenOver } from "./journal.ts";
import { placeAfter } from "./place.ts";
import type { TaskRunner } from "./runTask.ts";

/** How many tasks one look gives up at most. */
const ROWS_MAX = 100;

const GONE_AFTER_US = WORKER_GONE_AFTER_MS * 1_000;

type Means = TaskRunner & { prisma: PrismaClient };

/**
 * Gives up tasks whose version no worker has served for `limitMs` milliseconds and that have waited as long. Each becomes a dead letter
 * with the cause `unserved`, which can be redriven. The returned function makes one look and returns how many tasks it gave up. A worker of
 * their build that arrives at the same moment takes those not given up yet.
 *
 * A build that was not seen proves nothing while nobody could be seen because the store, the machine or all workers were away. So nothing
 * is given up until these calls have been answered without a gap for as long as it takes to notice that a worker is gone, and tasks of the
 * worker's own build never are.
 */
export function openUnserved(means: Means, limitMs: number): () => Promise<number> {
  const { prisma, clock, version, limits } = means;
  const heldMs = limits.attemptMsMax + WORKER_GONE_AFTER_MS;
  let answered: { sinceUs: number; lastUs: number } | undefined;
  const look = async (): Promise<number> => {
    const askedUs = clock.nowUs();
    const since = { before: dateOfUs(askedUs - limitMs * 1_000), heldSince: dateOfUs(askedUs - heldMs * 1_000) };
    const tasks = await listUnservedTasks(prisma, { ...since, exceptBuild: version.build }, ROWS_MAX);
    const nowUs = clock.nowUs();
    const isSteady = answered !== undefined && nowUs - answered.lastUs <= GONE_AFTER_US;
    answered = { sinceUs: answered !== undefined && isSteady ? answered.sinceUs : nowUs, lastUs: nowUs };
    return nowUs - answered.sinceUs < GONE_AFTER_US ? 0 : giveUpTasks(means, tasks, limitMs);
  };
  return () =>
    look().catch((error: unknown) => {
      answered = undefined;
      throw error;
    });
}

async function giveUpTasks(means: Means, tasks: readonly UnservedTask[], limitMs: number): Promise<number> {
  const { journals, clock, worker, version, log } = means;
  let givenUp = 0;
  for (const { id, version: asked, build } of tasks) {
    const startedUs = clock.nowUs();
    // After this claim, no worker of that build starts the task.
    const claim = await journals.claimTask({ taskId: id, worker, version: version.name, build, nowUs: startedUs, isAlone: true });
    if (claim.kind !== "claimed") continue;
    const journal = openJournal(journals, clock, claim);
    const error = new AppError("unserved", `No worker of version ${asked} was there for ${Math.round(limitMs / 1_000)} s.`, {
      hint: "Redrive it for another version, or once a worker of its build is there.",
    });
    const failure = failureOf(error, placeAfter(journal.task.request, journal.steps));
    try {
      await failTask(means, { journal, failures: claim.failures, isAlone: false, worker, startedUs }, failure);
      givenUp += 1;
    } catch (thrown) {
      if (!(thrown instanceof TaskTakenOver)) throw thrown;
    }
  }
  if (givenUp > 0) log.warn({ tasks: givenUp }, "tasks of versions that nobody serves were given up");
  return givenUp;
}
