import {
  type AgentManifest,
  agentVersionOf,
  type Decision,
  type ReplayPlan,
  spanIdOf,
  type TaskRecording,
  type TaskRequest,
  Variant,
} from "@signalbox/model";
import { pino } from "pino";
import { z } from "zod";
import { newTaskOf } from "../gateway/admission.ts";
import type { Assigned } from "../gateway/routing.ts";
import type { Services } from "../worker/converse.ts";
import { FAILURES_MAX } from "../worker/failTask.ts";
import type { Quarantine } from "../worker/quarantine.ts";
import type { UnclearPolicy } from "../worker/routeOf.ts";
import { runTask } from "../worker/runTask.ts";
import { type MemoryJournals, openMemoryJournals } from "./memoryJournals.ts";
import type { NotOnRecord } from "./notOnRecord.ts";
import { attemptsOf, foreignDecisions, type RecordedAttemptPart } from "./recordedAttempt.ts";
import { openRecordedClock, readingsOf } from "./recordedClock.ts";
import { openRecordedServices } from "./recordedServices.ts";
import { type Manifests, manifestOf, servedBy } from "./versions.ts";

/** What a replay wrote into its journal, and what the fence refused. */
export type Replay = { journals: MemoryJournals; refused: NotOnRecord | null };

/** Whether an attempt took too long is on record; a replay takes moments. */
const ATTEMPT_MS_MAX = 600_000;

const QUIET = pino({ level: "silent" });

/** What a gateway said of the version that it assigned to a task. */
const Exposure = z.object({
  version: z.string(),
  variant: Variant,
  bucket: z.number().nullable().default(null),
  unit: z.enum(["session", "user", "task"]).nullable().default(null),
  isWaiting: z.boolean().default(false),
});

/** Which version a task was assigned to then; null where any might serve it. */
export function assignedIn(routed: Decision | undefined, manifests: Manifests): Assigned | null {
  const exposure = Exposure.safeParse(routed?.detail);
  if (!exposure.success) return null;
  const { version, variant, bucket, unit, isWaiting } = exposure.data;
  return { version, variant, bucket, unit, weight: null, isServed: !isWaiting, build: "", manifest: manifestOf(manifests, version) };
}

/** Who takes what rules cannot: as the version says, or as the record shows where nothing is known of the version. */
function policyOf({ steps }: TaskRecording, manifest: AgentManifest | undefined): UnclearPolicy {
  return manifest?.unclear ?? steps.flatMap(({ stage }) => (stage.kind === "route" ? [stage.output.planner] : []))[0] ?? "refuse";
}

/** The quarantine of a process in which nothing dies: whether a task kills workers is on record. */
export function recordedQuarantine(judge: Quarantine["judge"]): Quarantine {
  return {
    ...{ judge, judgesInMs: () => 0, gate: (_isSuspect, work) => work(), hold: (_claim, work) => work() },
    ...{ vouch: async () => {}, leave: () => {} },
  };
}

/**
 * How long the first retry of a run is put off as an attempt shows it, before
 * which `failures` of its run failed: each later one waits twice as long.
 */
function retryDelayMsOf({ decisions }: RecordedAttemptPart, failures: number): number {
  const delayMs = decisions.find(({ kind }) => kind === "retried")?.detail.delayMs;
  return typeof delayMs === "number" ? delayMs / 2 ** failures : 0;
}

/**
 * Runs a task again as its record says, attempt by attempt: the runtime's own code, with the record for a world. Nothing leaves
 * this process. Decisions of others (a redrive) are taken over as they are. `computed` may be other code than the runtime's own.
 */
export async function replayRecorded(
  recording: TaskRecording,
  plan: ReplayPlan,
  manifests: Manifests,
  computed: Partial<Pick<Services, "language" | "planning">> = {},
): Promise<Replay> {
  const { id, requests, steps, decisions } = recording;
  const attempts = attemptsOf(recording);
  const foreign = foreignDecisions(recording);
  const requestOf = (run: number): TaskRequest => requests[run - 1] as TaskRequest;
  const clock = openRecordedClock();
  clock.enter([Date.parse(decisions[0]?.time ?? "") * 1_000]);
  const assigned = assignedIn(decisions[0], manifests);
  const journals = openMemoryJournals(newTaskOf(clock, requestOf(1), null, { assigned, isPlannerNamed: true }));
  const services = openRecordedServices(steps, plan.tools, computed);
  const runner = {
    ...{ journals, services, clock, log: QUIET, quarantine: recordedQuarantine(services.judge) },
    manifestOf: async (version: string) => manifestOf(manifests, version),
  };

  /** What others decided between one run and the next: what stands together in the log. */
  const decidedNext = () => {
    const end = foreign.findIndex(({ seq }, index) => seq !== (foreign[0]?.seq ?? 0) + index);
    return foreign.splice(0, end === -1 ? foreign.length : end);
  };
  for (const attempt of attempts) {
    if (attempt.run > journals.task.run) journals.rerun(requestOf(attempt.run), decidedNext());
    const last = attempt.steps.at(-1)?.step ?? journals.steps.length;
    const version = servedBy(attempt.version, plan);
    const unclear = policyOf(recording, manifests[version]);
    journals.enter({ ...attempt, last, servedBy: version });
    services.enter(attempt, { unclear, manifest: manifests[version], stepsBefore: journals.stepsBefore() });
    clock.enter([attempt.startedUs, ...readingsOf(attempt, (step) => spanIdOf(id, step))]);
    const failures = attempts.filter(
      ({ run, attempt: other, outcome }) => run === attempt.run && other < attempt.attempt && outcome === "failed",
    );
    const limits = { failuresMax: FAILURES_MAX, attemptMsMax: ATTEMPT_MS_MAX, retryDelayMs: retryDelayMsOf(attempt, failures.length) };
    await runTask({ ...runner, limits, unclear, worker: attempt.worker, version: agentVersionOf(manifestOf(manifests, version)) }, id);
    // A task that ends well where it did not then is not tried or redriven again.
    const isDoneEarly = journals.task.status === "done" && attempt !== attempts.at(-1);
    if (services.refused !== null || isDoneEarly) return { journals, refused: services.refused };
  }
  journals.adopt(foreign);
  return { journals, refused: null };
}
