import { callingAs } from "@signalbox/balancer";
import type { Claim, JournalStore } from "@signalbox/db/prisma";
import { type AgentVersion, AppError } from "@signalbox/model";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { planned } from "../decisions/choices.ts";
import { withinMs } from "../domains/withinMs.ts";
import type { ManifestOf } from "../versions/knownVersions.ts";
import { resultOf } from "./conversation.ts";
import { converse, type Services } from "./converse.ts";
import { type AttemptLimits, failTask } from "./failTask.ts";
import { failureOf } from "./failure.ts";
import { type Journal, openJournal, TaskTakenOver } from "./journal.ts";
import { placeAfter, trackPlace } from "./place.ts";
import type { ProjectPlaces } from "./projectPlaces.ts";
import type { Quarantine } from "./quarantine.ts";
import type { UnclearPolicy } from "./routeOf.ts";
import type { Run } from "./run.ts";
import type { Ward } from "./ward/ward.ts";

/**
 * The means of running tasks. `unclear` is the policy for messages that rules cannot serve; `worker` names this process, `version` is the
 * version that it runs as. Without `places` a project may run any number of tasks; without a `ward` suspects run alone in this process.
 */
export type TaskRunner = {
  journals: JournalStore;
  services: Services;
  unclear: UnclearPolicy;
  clock: Clock;
  log: Logger;
  limits: AttemptLimits;
  quarantine: Quarantine;
  places?: ProjectPlaces;
  ward?: Ward;
  worker: string;
  version: AgentVersion;
  manifestOf: ManifestOf;
};

type Claimed = Extract<Claim, { kind: "claimed" }>;
type Suspect = Extract<Claim, { kind: "suspect" }>;
type Start = { startedUs: number; isAlone: boolean };

const IDLE: Run = { handled: { kind: "finished" }, outcome: "idle" };

/** The outcome of a suspect that cannot run now: it comes again after `delayMs` milliseconds. */
const putOff = (delayMs: number): Run => ({ handled: { kind: "again", delayMs: Math.ceil(delayMs) }, outcome: "put_off" });

/** How soon a suspect for which the ward has no room comes again, in milliseconds. */
const NO_ROOM_MS = 1_000;

async function finishTask({ unclear, clock, manifestOf }: TaskRunner, services: Services, journal: Journal): Promise<Run> {
  const manifest = await manifestOf(journal.version);
  const { ended, reason } = await converse({ services, policy: unclear, manifest, clock }, journal);
  const result = resultOf(journal.steps, ended);
  await journal.end([planned({ kind: "stop", ended, reason }, null)], () => ({ kind: "done", result, finishedUs: clock.nowUs() }));
  return { handled: { kind: "finished" }, outcome: "done" };
}

/** Makes one attempt at a task. Failures are recorded; it throws only `TaskTakenOver`, or the error of a journal that cannot be written. */
async function attemptTask(runner: TaskRunner, claim: Claimed, { startedUs, isAlone }: Start): Promise<Run> {
  const { failures } = claim;
  const journal = openJournal(runner.journals, runner.clock, claim);
  const { services, placeOf } = trackPlace(runner.services);
  try {
    if (claim.unreadable !== null) throw new Error(`this version cannot read what is on record of the task: ${claim.unreadable}`);
    await runner.quarantine.judge(claim);
    const { lane = "interactive", needs = {} } = journal.task.request;
    const { attemptMsMax } = runner.limits;
    const run = await withinMs(
      attemptMsMax,
      callingAs({ lane, needs }, () => finishTask(runner, services, journal)),
    );
    if (run !== "too late") return run;
    // Late work of this attempt writes nothing more: the journal knows that the attempt has ended.
    throw new AppError("timed_out", `The attempt was not finished within ${attemptMsMax} ms.`);
  } catch (error) {
    if (error instanceof TaskTakenOver) throw error;
    const isKiller = error instanceof AppError && error.code === "kills_worker";
    const failure = failureOf(error, isKiller ? placeAfter(journal.task.request, journal.steps) : placeOf(error));
    runner.log.warn({ taskId: journal.task.id, attempt: journal.task.attempts, err: error }, "an attempt failed");
    const handled = await failTask(runner, { journal, failures, isAlone, worker: runner.worker, startedUs }, failure);
    return { handled, outcome: handled.kind === "again" ? "retried" : "dead" };
  }
}

/** Starts a task. Returns a `Suspect` for one that must run alone, if `isAlone` is false. */
async function startTask(runner: TaskRunner, taskId: string, isAlone: boolean): Promise<Run | Suspect> {
  const startedUs = runner.clock.nowUs();
  const { worker, version } = runner;
  const claim = await runner.journals.claimTask({ taskId, worker, version: version.name, build: version.build, nowUs: startedUs, isAlone });
  if (claim.kind === "missing") runner.log.error({ taskId }, "the queue names a task that does not exist");
  if (claim.kind === "suspect") return claim;
  if (claim.kind === "held") {
    return { handled: { kind: "finished" }, outcome: "held", project: claim.project };
  }
  if (claim.kind !== "claimed") return IDLE;
  const { project } = claim.task.request;
  try {
    const run = await runner.quarantine.hold(claim, () => attemptTask(runner, claim, { startedUs, isAlone }));
    return { ...run, project };
  } catch (error) {
    if (error instanceof TaskTakenOver) return { ...IDLE, project };
    runner.places?.hasEnded(project);
    throw error;
  }
}

/** Runs a suspect in this process with nothing beside it: in the ward's process, or where there is no ward. */
export async function runAlone(runner: TaskRunner, taskId: string): Promise<Run> {
  const run = await runner.quarantine.gate(true, () => startTask(runner, taskId, true));
  return "kind" in run ? IDLE : run;
}

/**
 * Runs a suspect in the ward; alone in this process if the ward cannot be opened. One whose last verdict is due waits for it in the queue:
 * the ward is for those that may go on.
 */
async function runSuspect(runner: TaskRunner, taskId: string, { deaths, diedWith }: Suspect): Promise<Run> {
  const judgedInMs = runner.quarantine.judgesInMs(deaths);
  if (judgedInMs > 0) return putOff(judgedInMs);
  const run = (await runner.ward?.run(taskId, diedWith)) ?? "away";
  if (run === "away") return runAlone(runner, taskId);
  return run === "full" ? putOff(NO_ROOM_MS) : run;
}

/**
 * Runs a delivered task to its end, or to the end of this attempt. A task that is finished or was taken over is left alone; a suspect runs
 * alone.
 */
export async function runTask(runner: TaskRunner, taskId: string): Promise<Run> {
  const { quarantine, places } = runner;
  const first = await quarantine.gate(false, () => startTask(runner, taskId, false));
  const { project, ...run } = "kind" in first ? await runSuspect(runner, taskId, first) : first;
  if (project !== undefined) {
    if (run.outcome === "held") places?.isFull(project);
    else places?.hasEnded(project);
  }
  return run;
}
