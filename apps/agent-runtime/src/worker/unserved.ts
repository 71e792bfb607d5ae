import { listUnservedTasks, type PrismaClient } from "@signalbox/db/prisma";
import { AppError } from "@signalbox/model";
import { dateOfUs } from "../clock.ts";
import { failTask } from "./failTask.ts";
import { failureOf } from "./failure.ts";
import { openJournal, TaskTakenOver } from "./journal.ts";
import { placeAfter } from "./place.ts";
import type { TaskRunner } from "./runTask.ts";

/** How many tasks one look gives up. */
const ROWS_MAX = 100;

/**
 * Gives up tasks of versions that no worker has served for `limitMs`, and that have waited as
 * long: each becomes a dead letter of the cause `unserved`, which can be redriven. A worker of
 * their build that comes at the same moment takes what is not given up yet. Answers how many were.
 */
export async function buryUnserved(means: TaskRunner & { prisma: PrismaClient }, limitMs: number): Promise<number> {
  const { prisma, journals, clock, worker, version, log } = means;
  const before = dateOfUs(clock.nowUs() - limitMs * 1_000);
  let buried = 0;
  for (const { id, version: asked, build } of await listUnservedTasks(prisma, before, ROWS_MAX)) {
    const startedUs = clock.nowUs();
    // Nobody of that build starts it after this.
    const claim = await journals.claimTask({ taskId: id, worker, version: version.name, build, nowUs: startedUs, isAlone: true });
    if (claim.kind !== "claimed") continue;
    const journal = openJournal(journals, clock, claim);
    const error = new AppError("unserved", `No worker of version ${asked} was there for ${Math.round(limitMs / 1_000)} s.`, {
      hint: "Redrive it for another version, or once a worker of its build is there.",
    });
    const failure = failureOf(error, placeAfter(journal.task.request, journal.steps));
    try {
      await failTask(means, { journal, failures: claim.failures, isAlone: false, worker, startedUs }, failure);
      buried += 1;
    } catch (thrown) {
      if (!(thrown instanceof TaskTakenOver)) throw thrown;
    }
  }
  if (buried > 0) log.warn({ tasks: buried }, "tasks of versions that nobody serves were given up");
  return buried;
}
