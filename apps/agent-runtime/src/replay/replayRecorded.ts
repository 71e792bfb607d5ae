import { type ReplayPlan, spanIdOf, type TaskRecording, type TaskRequest } from "@signalbox/model";
import { pino } from "pino";
import { newTaskOf } from "../gateway/admission.ts";
import type { Services } from "../worker/converse.ts";
import { ATTEMPTS_MAX } from "../worker/failTask.ts";
import type { UnclearPolicy } from "../worker/routeOf.ts";
import { runTask } from "../worker/runTask.ts";
import { type MemoryJournals, openMemoryJournals } from "./memoryJournals.ts";
import type { NotOnRecord } from "./notOnRecord.ts";
import { attemptsOf, foreignDecisions, type RecordedAttemptPart } from "./recordedAttempt.ts";
import { openRecordedClock, readingsOf } from "./recordedClock.ts";
import { openRecordedServices } from "./recordedServices.ts";

/** What a replay wrote into its journal, and what the fence refused. */
export type Replay = { journals: MemoryJournals; refused: NotOnRecord | null };

const QUIET = pino({ level: "silent" });

/** Who took what rules could not, as the record shows; where it never came to that, the policy had no part in the task. */
export function policyOf({ steps }: TaskRecording): UnclearPolicy {
  return steps.flatMap(({ stage }) => (stage.kind === "route" ? [stage.output.planner] : []))[0] ?? "refuse";
}

/** How long the first retry was put off, as the record shows. */
function retryDelayMsOf({ decisions }: TaskRecording): number {
  const first = decisions.find(({ kind }) => kind === "retried")?.detail.delayMs;
  return typeof first === "number" ? first : 0;
}

/**
 * Runs a task again as its record says, attempt by attempt: the runtime's own code, with the record for a world. Nothing leaves this process. Decisions of others
 * (a redrive) are taken over as they are. `computed` may be other code than the runtime's own.
 */
export async function replayRecorded(
  recording: TaskRecording,
  { tools }: Pick<ReplayPlan, "tools">,
  computed: Partial<Pick<Services, "language" | "planning">> = {},
): Promise<Replay> {
  const { id, requests, steps, decisions } = recording;
  const attempts = attemptsOf(recording);
  const foreign = foreignDecisions(recording);
  const requestOf = (run: number): TaskRequest => requests[run - 1] as TaskRequest;
  const clock = openRecordedClock();
  clock.enter([Date.parse(decisions[0]?.time ?? "") * 1_000]);
  const journals = openMemoryJournals(newTaskOf(clock, requestOf(1)));
  const services = openRecordedServices(steps, tools, computed);
  const runner = {
    ...{ journals, services, clock, unclear: policyOf(recording), log: QUIET },
    limits: { ...ATTEMPTS_MAX, retryDelayMs: retryDelayMsOf(recording) },
  };

  /** What others decided before an attempt began. */
  const decidedBefore = ({ decisions: own }: RecordedAttemptPart) => {
    const first = own[0]?.seq ?? Number.POSITIVE_INFINITY;
    const before = foreign.findIndex(({ seq }) => seq > first);
    return foreign.splice(0, before === -1 ? foreign.length : before);
  };
  for (const attempt of attempts) {
    if (attempt.run > journals.task.run) journals.rerun(requestOf(attempt.run), decidedBefore(attempt));
    const last = attempt.steps.at(-1)?.step ?? journals.steps.length;
    journals.enter({ ...attempt, last, isLive: false });
    services.enter(attempt);
    clock.enter([attempt.startedUs, ...readingsOf(attempt, (step) => spanIdOf(id, step))]);
    await runTask({ ...runner, worker: attempt.worker }, id);
    if (services.refused !== null) break;
  }
  if (services.refused === null) journals.adopt(foreign);
  return { journals, refused: services.refused };
}
