import type { AttemptReport, ChainHead, Decision, Step, TaskLetter, TaskResult } from "@signalbox/model";
import { type GroupCommitLimits, groupCommit } from "../../groupCommit.ts";
import { insertDeadLetter } from "../deadLetters/deadLetterStore.ts";
import { insertDecisions } from "../decisions/decisionStore.ts";
import { insertOutbox, type Places } from "../decisions/outboxStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { countDeaths, type Deaths, type HeldAttempt, listEndedAttempts, releaseAttempts } from "./attemptStore.ts";
import { type Claim, type ClaimRequest, claimOf, claimTasks } from "./claimStore.ts";
import { insertSteps } from "./stepStore.ts";

/** Why an attempt failed, as stored in its row and its dead letter. */
export type AttemptError = { class: string; message: string };

/** How an attempt ends the task, or hands it back to the queue. Times are microseconds since 1970. */
export type Ending =
  | { kind: "done"; result: TaskResult; finishedUs: number }
  | { kind: "retry"; error: AttemptError; failedUs: number; backoffMs: number }
  | { kind: "dead"; error: AttemptError; result: TaskResult | null; letter: TaskLetter; finishedUs: number };

/** One attempt's addition to a task's journal, written atomically. `spans` are the steps to send as telemetry (0 is the task itself). */
export type Progress = {
  steps: readonly Step[];
  decisions: readonly Decision[];
  spans: readonly number[];
  ending: Ending | null;
};

/** An attempt's addition to the journal of a task whose chain ends at `head`. */
export type ProgressWrite = { taskId: string; attempt: number; head: ChainHead; progress: Progress };

/** The journal of tasks, for workers. Writes that arrive close together share a statement (one commit for many tasks). */
export type JournalStore = {
  /** Starts an attempt: from now on only the newest attempt may write, so a worker that was thought dead can do no harm. */
  claimTask(request: ClaimRequest): Promise<Claim>;
  /** Writes progress. False means that a newer attempt owns the task: nothing was written, and the caller must stop without a trace. */
  recordProgress(write: ProgressWrite): Promise<boolean>;
  /** The failed and lost attempts of one run, oldest first. */
  endedAttempts(taskId: string, run: number): Promise<AttemptReport[]>;
  /** Clears these attempts of suspicion: those taken for lost, and those that are over without an ending, become released. */
  releaseAttempts(held: readonly HeldAttempt[]): Promise<void>;
  /** The known deaths of a task's run. */
  countDeaths(taskId: string, run: number): Promise<Deaths>;
};

/** One statement is written while the next one gathers. More in parallel would make them smaller and PostgreSQL no faster. */
const GROUP_COMMIT: GroupCommitLimits = { itemsMax: 64, bytesMax: 4 * 1024 * 1024, handoversMax: 2 };

/**
 * Options of a journal: without `isTelemetryOn`, no telemetry is put into the outbox;
 * at most `runningMax` tasks of a project are at work at a time (null: unlimited).
 */
export type JournalOptions = { isTelemetryOn?: boolean; runningMax?: number | null };

/** Opens the journal on a PostgreSQL. */
export function openJournalStore(prisma: PrismaClient, { isTelemetryOn = true, runningMax = null }: JournalOptions = {}): JournalStore {
  const claim = groupCommit(GROUP_COMMIT, (requests: ClaimRequest[]) =>
    eachTaskOnce(requests, (once) => claimTasks(prisma, once, runningMax)),
  );
  const record = groupCommit(GROUP_COMMIT, (writes: ProgressWrite[]) =>
    eachTaskOnce(writes, (once) => recordAll(prisma, once, isTelemetryOn)),
  );
  return {
    // The work after a claim concerns one task alone: a successful claim is not repeated because another cannot be read.
    claimTask: async (request) => claimOf(prisma, request, await claim(request, 0), runningMax),
    recordProgress: (write) => record(write, bytesOf(write.progress)),
    endedAttempts: (taskId, run) => listEndedAttempts(prisma, taskId, run),
    releaseAttempts: (held) => releaseAttempts(prisma, held),
    countDeaths: (taskId, run) => countDeaths(prisma, taskId, run),
  };
}

/** The approximate size of progress in a statement, in bytes. */
function bytesOf({ steps, decisions, ending }: Progress): number {
  return JSON.stringify([steps, decisions.map(({ detail }) => detail), ending]).length;
}

/** Passes items to `work` such that no statement has two of the same task: PostgreSQL would apply the fence to only one of them. */
async function eachTaskOnce<Item extends { taskId: string }, Answer>(
  items: readonly Item[],
  work: (once: readonly Item[]) => Promise<Answer[]>,
): Promise<Answer[]> {
  if (new Set(items.map(({ taskId }) => taskId)).size === items.length) return work(items);
  const answers = new Map<Item, Answer>();
  for (let left = [...items]; left.length > 0; ) {
    const seen = new Set<string>();
    const once = left.filter(({ taskId }) => !seen.has(taskId) && seen.add(taskId));
    for (const [index, answer] of (await work(once)).entries()) answers.set(once[index] as Item, answer);
    left = left.filter((item) => !answers.has(item));
  }
  return items.map((item) => answers.get(item) as Answer);
}

/** The column changes of an ending in the rows of its task and attempt; null leaves a column as it is. */
type EndingColumns = {
  status: "queued" | "done" | "dead" | null;
  outcome: "done" | "failed" | null;
  error: AttemptError | null;
  atUs: number | null;
  result: string | null;
  backoffMs: number | null;
};

const UNENDED: EndingColumns = { status: null, outcome: null, error: null, atUs: null, result: null, backoffMs: null };

function endingColumns(ending: Ending | null): EndingColumns {
  switch (ending?.kind) {
    case undefined:
      return UNENDED;
    case "retry": {
      const { error, failedUs: atUs, backoffMs } = ending;
      return { ...UNENDED, status: "queued", outcome: "failed", error, atUs, backoffMs };
    }
    case "done":
      return { ...UNENDED, status: "done", outcome: "done", atUs: ending.finishedUs, result: JSON.stringify(ending.result) };
    case "dead": {
      const { error, finishedUs: atUs, result } = ending;
      return { ...UNENDED, status: "dead", outcome: "failed", error, atUs, result: result === null ? null : JSON.stringify(result) };
    }
  }
}

function owedBy({ taskId, progress: { decisions, spans } }: ProgressWrite): Places & { taskId: string } {
  return { taskId, decisions: decisions.map(({ seq }) => seq), spans };
}

/** Writes the progress of attempts at different tasks: steps, decisions, outbox rows and endings in one statement. */
async function recordAll(prisma: PrismaClient, writes: readonly ProgressWrite[], isTelemetryOn: boolean): Promise<boolean[]> {
  const heads = writes.map(({ head, progress }) => progress.decisions.at(-1) ?? head);
  const endings = writes.map(({ progress }) => endingColumns(progress.ending));
  const letters = writes.flatMap(({ progress: { ending } }) => (ending?.kind === "dead" ? [ending.letter] : []));
  const parts = [
    insertDecisions(writes.flatMap(({ progress }) => progress.decisions)),
    insertOutbox(isTelemetryOn ? writes.map(owedBy) : []),
    insertSteps(writes.flatMap(({ taskId, progress }) => progress.steps.map((step) => ({ taskId, ...step })))),
    ...letters.map(insertDeadLetter),
  ];
  const written = await askStateStore(
    () => prisma.$queryRaw<{ id: string }[]>`
    WITH asked AS (
      SELECT * FROM unnest(
        ${writes.map(({ taskId }) => taskId)}::uuid[], ${writes.map(({ attempt }) => attempt)}::integer[], ${writes.map(({ head }) => head.seq)}::integer[],
        ${heads.map(({ seq }) => seq)}::integer[], ${heads.map(({ hash }) => hash)}::text[], ${endings.map(({ status }) => status)}::text[],
        ${endings.map(({ outcome }) => outcome)}::text[], ${endings.map(({ error }) => error?.class ?? null)}::text[],
        ${endings.map(({ error }) => error?.message ?? null)}::text[], ${endings.map(({ atUs }) => atUs)}::bigint[], ${endings.map(({ result }) => result)}::text[],
        ${endings.map(({ backoffMs }) => backoffMs)}::integer[]
      ) AS asked (id, attempt, seq_before, seq, hash, status, outcome, error_class, error_message, at_us, result, backoff_ms)
    ), fence AS (
      UPDATE task SET head_seq = seq, head_hash = hash, status = COALESCE(asked.status, task.status),
        error = CASE asked.status WHEN 'done' THEN NULL WHEN 'dead' THEN error_message ELSE task.error END,
        finished_us = CASE WHEN asked.status IN ('done', 'dead') THEN at_us ELSE task.finished_us END,
        result = CASE WHEN asked.status IN ('done', 'dead') THEN asked.result::json ELSE task.result END
      FROM asked WHERE task.id = asked.id AND attempts = attempt AND task.status = 'running' AND head_seq = seq_before
      RETURNING task.id
    ), closed AS (
      UPDATE attempt SET outcome = asked.outcome, ended_at = to_timestamp((at_us / 1000) / 1000.0), error_class = asked.error_class, error_message = asked.error_message,
        backoff_ms = asked.backoff_ms
      FROM asked JOIN fence USING (id) WHERE attempt.task_id = asked.id AND attempt.attempt = asked.attempt AND asked.outcome IS NOT NULL
    ), ${Prisma.join(parts, ", ")}
    SELECT id FROM fence`,
  );
  const ids = new Set(written.map(({ id }) => id));
  return writes.map(({ taskId }) => ids.has(taskId));
}
