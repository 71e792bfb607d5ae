import {
  AttemptReport,
  type ChainHead,
  type DeadLetter,
  type Decision,
  ModelUse,
  Stage,
  type Step,
  type TaskResult,
} from "@signalbox/model";
import { insertDeadLetter } from "./deadLetterStore.ts";
import { insertDecisions } from "./decisionStore.ts";
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { oweTelemetry } from "./outboxStore.ts";
import { listTaskRecords, type TaskRecord } from "./taskStore.ts";

/** Why an attempt failed, as its row and its dead letter keep it. */
export type AttemptError = { class: string; message: string };

/** A worker's claim on a task. `failures` and `losses` count the earlier attempts of this run that failed and that ended without a word. */
export type Claim =
  | { kind: "claimed"; task: TaskRecord; steps: Step[]; failures: number; losses: number }
  | { kind: "finished" }
  | { kind: "missing" };

/** How an attempt ends the task, or hands it back to the queue. Times are microseconds since 1970. */
export type Ending =
  | { kind: "done"; result: TaskResult; finishedUs: number }
  | { kind: "retry"; error: AttemptError; failedUs: number }
  | { kind: "dead"; error: AttemptError; result: TaskResult | null; letter: DeadLetter; finishedUs: number };

/** What one attempt adds to a task's journal, all or nothing. `spans` are the steps to be told (0 is the task itself). */
export type Progress = { step: Step | null; decisions: readonly Decision[]; spans: readonly number[]; ending: Ending | null };

type ClaimRow = { attempts: number; failures: number; losses: number };

/** Starts an attempt: the newest attempt is the only one that may write from now on, so a worker that was thought dead can do no harm. */
export async function claimTask(
  prisma: PrismaClient,
  claim: { taskId: string; worker: string; version: string; nowUs: number },
): Promise<Claim> {
  const now = new Date(claim.nowUs / 1_000);
  const [row] = await prisma.$queryRaw<ClaimRow[]>`
    WITH fence AS (
      UPDATE task SET status = 'running', attempts = attempts + 1, started_us = COALESCE(started_us, ${claim.nowUs}::bigint)
      WHERE id = ${claim.taskId}::uuid AND status IN ('queued', 'running')
      RETURNING id, run, attempts
    ), earlier AS (
      SELECT count(*) FILTER (WHERE outcome = 'failed') AS failures, count(*) FILTER (WHERE outcome = 'lost' OR outcome IS NULL) AS losses
      FROM attempt JOIN fence ON attempt.task_id = fence.id AND attempt.run = fence.run
    ), lost AS (
      UPDATE attempt SET outcome = 'lost', ended_at = ${now} FROM fence WHERE attempt.task_id = fence.id AND outcome IS NULL
    ), started AS (
      INSERT INTO attempt (task_id, attempt, run, worker, version, started_at)
      SELECT id, attempts, run, ${claim.worker}, ${claim.version}, ${now} FROM fence
    )
    SELECT attempts, failures::int, losses::int FROM fence, earlier`;
  const [task] = await listTaskRecords(prisma, [claim.taskId]);
  if (task === undefined) return { kind: "missing" };
  if (row === undefined) return { kind: "finished" };
  const { attempts, failures, losses } = row;
  const steps = attempts === 1 ? [] : await listSteps(prisma, claim.taskId);
  return { kind: "claimed", task: { ...task, attempts }, steps, failures, losses };
}

function insertStep(step: Step): Prisma.Sql {
  const use = step.modelUse;
  return Prisma.sql`journalled AS (
    INSERT INTO step (task_id, step, kind, attempt, started_us, finished_us, input, output, provider, model, input_tokens, output_tokens, model_call)
    SELECT id, ${step.step}, ${step.stage.kind}, ${step.attempt}, ${step.startedUs}::bigint, ${step.finishedUs}::bigint,
      ${JSON.stringify(step.stage.input)}::json, ${JSON.stringify(step.stage.output)}::json,
      ${use?.provider ?? null}, ${use?.model ?? null}, ${use?.inputTokens ?? null}::integer, ${use?.outputTokens ?? null}::integer,
      ${use?.call == null ? null : JSON.stringify(use.call)}::json
    FROM fence
  )`;
}

function endAttempt(attempt: number, ending: Ending): Prisma.Sql {
  const endedAt = new Date((ending.kind === "retry" ? ending.failedUs : ending.finishedUs) / 1_000);
  const outcome = ending.kind === "done" ? "done" : "failed";
  const error = ending.kind === "done" ? null : ending.error;
  return Prisma.sql`closed AS (
    UPDATE attempt SET outcome = ${outcome}, ended_at = ${endedAt}, error_class = ${error?.class ?? null}, error_message = ${error?.message ?? null}
    FROM fence WHERE attempt.task_id = fence.id AND attempt.attempt = ${attempt}
  )`;
}

function taskChanges(ending: Ending | null): Prisma.Sql {
  if (ending === null) return Prisma.empty;
  if (ending.kind === "retry") return Prisma.sql`, status = 'queued'`;
  if (ending.kind === "done")
    return Prisma.sql`, status = 'done', error = NULL, finished_us = ${ending.finishedUs}::bigint, result = ${JSON.stringify(ending.result)}::json`;
  const result = ending.result === null ? Prisma.sql`NULL` : Prisma.sql`${JSON.stringify(ending.result)}::json`;
  return Prisma.sql`, status = 'dead', error = ${ending.error.message}, finished_us = ${ending.finishedUs}::bigint, result = ${result}`;
}

/**
 * Writes what `attempt` adds to a task whose chain ends at `head`: step, decisions, owed telemetry and ending in one statement.
 * False means that a newer attempt has taken the task over: nothing was written and the caller must stop without a trace.
 */
export async function recordProgress(
  prisma: PrismaClient,
  claim: { taskId: string; attempt: number; head: ChainHead },
  progress: Progress,
): Promise<boolean> {
  const head = progress.decisions.at(-1) ?? claim.head;
  const writes = [
    insertDecisions(progress.decisions),
    oweTelemetry({ decisions: progress.decisions.map(({ seq }) => seq), spans: progress.spans }),
    ...(progress.step === null ? [] : [insertStep(progress.step)]),
    ...(progress.ending === null ? [] : [endAttempt(claim.attempt, progress.ending)]),
    ...(progress.ending?.kind === "dead" ? [insertDeadLetter(progress.ending.letter)] : []),
  ];
  const written = await prisma.$queryRaw<{ id: string }[]>`
    WITH fence AS (
      UPDATE task SET head_seq = ${head.seq}, head_hash = ${head.hash}${taskChanges(progress.ending)}
      WHERE id = ${claim.taskId}::uuid AND attempts = ${claim.attempt} AND status = 'running' AND head_seq = ${claim.head.seq}
      RETURNING id
    ), ${Prisma.join(writes, ", ")}
    SELECT id FROM fence`;
  return written.length === 1;
}

function toStep(row: Prisma.StepGetPayload<object>): Step {
  const { provider, model, inputTokens, outputTokens, modelCall: call } = row;
  return {
    step: row.step,
    attempt: row.attempt,
    startedUs: Number(row.startedUs),
    finishedUs: Number(row.finishedUs),
    stage: Stage.parse({ kind: row.kind, input: row.input, output: row.output }),
    modelUse: model === null ? null : ModelUse.parse({ provider, model, inputTokens, outputTokens, call }),
  };
}

/** A task's finished steps, in order. */
export async function listSteps(prisma: PrismaClient, taskId: string): Promise<Step[]> {
  const rows = await prisma.step.findMany({ where: { taskId }, orderBy: { step: "asc" } });
  return rows.map(toStep);
}

/** The finished steps of several tasks, by task. */
export async function listStepsOf(prisma: PrismaClient, taskIds: readonly string[]): Promise<Map<string, Step[]>> {
  const rows = await prisma.step.findMany({ where: { taskId: { in: [...taskIds] } }, orderBy: { step: "asc" } });
  const byTask = new Map<string, Step[]>();
  for (const row of rows) {
    const steps = byTask.get(row.taskId) ?? [];
    steps.push(toStep(row));
    byTask.set(row.taskId, steps);
  }
  return byTask;
}

/** How the ended attempts of one run went, oldest first: the failed and the lost ones. */
export async function listEndedAttempts(prisma: PrismaClient, taskId: string, run: number): Promise<AttemptReport[]> {
  const rows = await prisma.attempt.findMany({ where: { taskId, run, outcome: { in: ["failed", "lost"] } }, orderBy: { attempt: "asc" } });
  return rows.map((row) =>
    AttemptReport.parse({
      attempt: row.attempt,
      worker: row.worker,
      version: row.version,
      startedAt: row.startedAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
      outcome: row.outcome,
      error: row.errorClass === null ? null : { class: row.errorClass, message: row.errorMessage ?? "" },
    }),
  );
}
