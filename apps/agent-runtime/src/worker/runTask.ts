import { callingAs } from "@signalbox/balancer";
import type { Claim, JournalStore, PrismaClient } from "@signalbox/db/prisma";
import type { AgentVersion } from "@signalbox/model";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { planned } from "../decisions/choices.ts";
import type { Handled } from "../queue/taskQueue.ts";
import type { ManifestOf } from "../versions/knownVersions.ts";
import { resultOf } from "./conversation.ts";
import { converse, type Services } from "./converse.ts";
import { type AttemptLimits, failTask } from "./failTask.ts";
import { failureOf } from "./failure.ts";
import { type Journal, openJournal, TaskTakenOver } from "./journal.ts";
import { trackPlace } from "./place.ts";
import type { UnclearPolicy } from "./routeOf.ts";

/** What running a task needs. `unclear` says who takes what rules cannot; `worker` names this process, `version` what it runs as. */
export type TaskRunner = {
  prisma: PrismaClient;
  journals: JournalStore;
  services: Services;
  unclear: UnclearPolicy;
  clock: Clock;
  log: Logger;
  limits: AttemptLimits;
  worker: string;
  version: AgentVersion;
  manifestOf: ManifestOf;
};

/** What became of a delivery; `idle` means that there was nothing to do for it. */
export type Run = { handled: Handled; outcome: "done" | "retried" | "dead" | "idle" };

const IDLE: Run = { handled: { kind: "finished" }, outcome: "idle" };

async function finishTask({ unclear, clock, manifestOf }: TaskRunner, services: Services, journal: Journal): Promise<Run> {
  const manifest = await manifestOf(journal.version);
  const { ended, reason } = await converse({ services, policy: unclear, manifest, clock }, journal);
  const result = resultOf(journal.steps, ended);
  await journal.end([planned({ kind: "stop", ended, reason }, null)], () => ({ kind: "done", result, finishedUs: clock.nowUs() }));
  return { handled: { kind: "finished" }, outcome: "done" };
}

/** One attempt at a task. What goes wrong is put on record; only `TaskTakenOver`, and a journal that cannot be written, leave here. */
async function attemptTask(runner: TaskRunner, claim: Extract<Claim, { kind: "claimed" }>, startedUs: number): Promise<Run> {
  const { failures, losses } = claim;
  const journal = openJournal(runner.journals, runner.clock, claim);
  const { services, place } = trackPlace(runner.services);
  try {
    if (claim.unreadable !== null) throw new Error(`this version cannot read what is on record of the task: ${claim.unreadable}`);
    if (losses >= runner.limits.lossesMax) throw new Error(`${losses} workers were gone before they could finish this task`);
    const { lane = "interactive", needs = {} } = journal.task.request;
    return await callingAs({ lane, needs }, () => finishTask(runner, services, journal));
  } catch (error) {
    if (error instanceof TaskTakenOver) throw error;
    const failure = failureOf(error, place());
    runner.log.warn({ taskId: journal.task.id, attempt: journal.task.attempts, err: error }, "an attempt failed");
    const handled = await failTask(runner, { journal, failures, losses, worker: runner.worker, startedUs }, failure);
    return { handled, outcome: handled.kind === "again" ? "retried" : "dead" };
  }
}

/** Runs a delivered task to its end, or to the end of this attempt. A task that is finished, or in newer hands, is left alone. */
export async function runTask(runner: TaskRunner, taskId: string): Promise<Run> {
  const startedUs = runner.clock.nowUs();
  const { worker, version } = runner;
  const claim = await runner.journals.claimTask({ taskId, worker, version: version.name, build: version.build, nowUs: startedUs });
  if (claim.kind === "missing") runner.log.error({ taskId }, "the queue names a task that does not exist");
  if (claim.kind !== "claimed") return IDLE;
  try {
    return await attemptTask(runner, claim, startedUs);
  } catch (error) {
    if (error instanceof TaskTakenOver) return IDLE;
    throw error;
  }
}
