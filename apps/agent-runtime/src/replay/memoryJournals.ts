import type { Claim, JournalStore, NewTask, TaskRecord } from "@signalbox/db/prisma";
import { AttemptReport, type Decision, type RecordedAttempt, type Step, sealDecision, type TaskRequest } from "@signalbox/model";
import { wasCut } from "./recordedAttempt.ts";

/**
 * The attempt being replayed, as far as the journal needs it: how it ended then, the last step that it had written (`last`), and the
 * version that serves it now (`servedBy`).
 */
export type JournalAttempt = RecordedAttempt & { last: number; servedBy: string };

/** A task's journal in memory: a replay writes to it instead of a store. */
export type MemoryJournals = JournalStore & {
  readonly task: TaskRecord;
  readonly steps: readonly Step[];
  readonly decisions: readonly Decision[];
  /** Sets the attempt that the next claim returns. */
  enter(attempt: JournalAttempt): void;
  /**
   * Begins the next run with the decisions that others took then, re-sealed to continue this chain. A redrive with an edited request
   * restarts behind the steps written so far.
   */
  rerun(request: TaskRequest, decided: readonly Decision[]): void;
  /** The number of recorded steps that belong to requests edited since. */
  stepsBefore(): number;
  /** Appends decisions that others took about a task that had ended. */
  adopt(decided: readonly Decision[]): void;
};

/**
 * The part of a record that a replay starts from: its run, the steps and decisions written so far, and the earlier attempts; `stepsBefore`
 * as in `MemoryJournals`.
 */
export type RecordedPart = {
  run: number;
  steps: readonly Step[];
  decisions: readonly Decision[];
  stepsBefore: number;
  attempts: readonly JournalAttempt[];
};

/** Deaths of workers are not counted again: the record says how each attempt ended. */
const NO_DEATHS = { all: 0, alone: 0, latestMsAgo: null };

/** Whether a decision replaced the task's request. */
function isEdit({ kind, detail }: Decision): boolean {
  return kind === "replayed" && detail.isEdited === true;
}

/** Opens a journal for a task that was just admitted, or one that has come as far as `recorded`. */
export function openMemoryJournals(
  { id, request, traceId, createdAt, assignment, routed }: Omit<NewTask, "requestHash" | "idempotencyKey">,
  recorded: RecordedPart = { run: 1, steps: [], decisions: [routed], stepsBefore: 0, attempts: [] },
): MemoryJournals {
  const { seq, hash } = recorded.decisions.at(-1) ?? routed;
  const task: TaskRecord = {
    ...{ id, request, traceId, status: "queued", run: recorded.run, attempts: 0, head: { seq, hash } },
    ...{ version: assignment?.version ?? null, variant: assignment?.variant ?? null },
    ...{ result: null, error: null, createdUs: createdAt.getTime() * 1_000, startedUs: null, finishedUs: null },
  };
  const steps = [...recorded.steps];
  const decisions = [...recorded.decisions];
  let { stepsBefore } = recorded;
  const earlier = [...recorded.attempts];
  let current: JournalAttempt | undefined;

  const seal = ({ seq: _seq, prevHash: _prevHash, hash: _hash, ...facts }: Decision): void => {
    const sealed = sealDecision(task.head, facts);
    decisions.push(sealed);
    task.head = { seq: sealed.seq, hash: sealed.hash };
  };
  /** Whether an attempt had already ended before it could write this. */
  const isBeyond = (attempt: JournalAttempt, written: readonly Step[], isEnding: boolean): boolean =>
    wasCut(attempt) && (isEnding || written.some(({ step }) => step > attempt.last));

  return {
    task,
    steps,
    decisions,
    enter: (attempt) => {
      current = attempt;
    },
    stepsBefore: () => stepsBefore,
    rerun(request, decided) {
      if (decided.some(isEdit)) stepsBefore = steps.length;
      Object.assign(task, { request, status: "queued", run: task.run + 1, result: null, error: null, finishedUs: null });
      for (const decision of decided) seal(decision);
    },
    adopt: (decided) => {
      for (const decision of decided) seal(decision);
    },
    async claimTask({ nowUs }): Promise<Claim> {
      if (current === undefined || (task.status !== "queued" && task.status !== "running")) return { kind: "finished" };
      const before = earlier.filter(({ run }) => run === task.run);
      const failures = before.filter(({ outcome }) => outcome === "failed").length;
      earlier.push(current);
      Object.assign(task, { status: "running", attempts: current.attempt, startedUs: task.startedUs ?? nowUs });
      return {
        kind: "claimed",
        task: { ...task },
        version: current.servedBy,
        steps: steps.slice(stepsBefore),
        stepsBefore,
        unreadable: null,
        failures,
        deaths: NO_DEATHS,
      };
    },
    async recordProgress({ attempt, progress }) {
      if (current === undefined || attempt !== task.attempts || isBeyond(current, progress.steps, progress.ending !== null)) return false;
      steps.push(...progress.steps);
      decisions.push(...progress.decisions);
      const head = progress.decisions.at(-1);
      if (head !== undefined) task.head = { seq: head.seq, hash: head.hash };
      const { ending } = progress;
      if (ending === null) return true;
      if (ending.kind === "retry") Object.assign(task, { status: "queued" });
      else Object.assign(task, { status: ending.kind, result: ending.result, finishedUs: ending.finishedUs });
      task.error = ending.kind === "dead" ? ending.error.message : null;
      return true;
    },
    releaseAttempts: async () => {},
    countDeaths: async () => NO_DEATHS,
    async endedAttempts(_taskId, run) {
      const ended = earlier.filter((one) => one.run === run && one !== current);
      return ended.map(({ attempt, worker, version, startedAt, endedAt, outcome, error: report }) => {
        const error = report && { class: report.class, message: report.message };
        return AttemptReport.parse({ attempt, worker, version, startedAt, endedAt, outcome: outcome ?? "lost", error });
      });
    },
  };
}
