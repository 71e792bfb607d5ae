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
import { type GatheringLimits, gathered } from "../gathered.ts";
import { insertDeadLetter } from "./deadLetterStore.ts";
import { insertDecisions } from "./decisionStore.ts";
import { Prisma, type PrismaClient } from "./generated/client.ts";
import { oweTelemetry, type Places } from "./outboxStore.ts";
import { askStateStore } from "./stateStore.ts";
import { type TaskRecord, type TaskRecordRow, toTaskRecord } from "./taskStore.ts";

/** Why an attempt failed, as its row and its dead letter keep it. */
export type AttemptError = { class: string; message: string };

/**
 * Earlier attempts of a run that ended without a word, so that their process seems to have died: `all` of them, and those that were `alone`, with nothing beside
 * them to be blamed. Whose store was started anew meanwhile was not alone: a machine went down, or all of it was restarted.
 */
export type Deaths = { all: number; alone: number };

/**
 * A worker's claim on a task. `failures` counts the earlier attempts of this run that failed; `unreadable` says why this version cannot read the finished steps,
 * which are none then. `version` is the one that serves this attempt. A `suspect` has died with a worker, or is in another's hand: it is not started but alone.
 * One that is `elsewhere` waits for a worker of another build.
 * `stepsBefore` are on record of another request, which was edited since: they are none of `steps`, and the next ones are numbered behind them.
 */
export type Claim =
  | {
      kind: "claimed";
      task: TaskRecord;
      version: string;
      steps: Step[];
      stepsBefore?: number;
      unreadable: string | null;
      failures: number;
      deaths: Deaths;
    }
  | { kind: "suspect" }
  | { kind: "elsewhere" }
  | { kind: "finished" }
  | { kind: "missing" };

/** How an attempt ends the task, or hands it back to the queue. Times are microseconds since 1970. */
export type Ending =
  | { kind: "done"; result: TaskResult; finishedUs: number }
  | { kind: "retry"; error: AttemptError; failedUs: number; backoffMs: number }
  | { kind: "dead"; error: AttemptError; result: TaskResult | null; letter: DeadLetter; finishedUs: number };

/** What one attempt adds to a task's journal, all or nothing. `spans` are the steps to be told (0 is the task itself). */
export type Progress = {
  steps: readonly Step[];
  decisions: readonly Decision[];
  spans: readonly number[];
  ending: Ending | null;
};

/**
 * A worker that starts a task: it serves every version of its `build` (without one, none), and as its own `version` the tasks that were given none. With `isAlone`
 * it runs nothing else in its process until that is over.
 */
export type ClaimRequest = { taskId: string; worker: string; version: string; build?: string; nowUs: number; isAlone?: boolean };

/** An attempt of a worker that lives. `isOver`: it will write nothing more, or is not waited for. */
export type HeldAttempt = { taskId: string; attempt: number; isOver: boolean };

/** What an attempt adds to the journal of a task whose chain ends at `head`. */
export type ProgressWrite = { taskId: string; attempt: number; head: ChainHead; progress: Progress };

/** The journal of tasks, as workers write it. What comes close together is written in one statement (one commit for many tasks). */
export type JournalStore = {
  /** Starts an attempt: the newest attempt is the only one that may write from now on, so a worker that was thought dead can do no harm. */
  claimTask(request: ClaimRequest): Promise<Claim>;
  /** Writes progress. False means that a newer attempt has taken the task over: nothing was written and the caller must stop without a trace. */
  recordProgress(write: ProgressWrite): Promise<boolean>;
  /** How the ended attempts of one run went, oldest first: the failed and the lost ones. */
  endedAttempts(taskId: string, run: number): Promise<AttemptReport[]>;
  /** Says that nobody died of these attempts: those taken for lost, and those that are over without an ending, are released. */
  releaseAttempts(held: readonly HeldAttempt[]): Promise<void>;
  /** The deaths of a task's run, as far as is known by now. */
  countDeaths(taskId: string, run: number): Promise<Deaths>;
};

/** One statement is written while the next one gathers. More at once would make them smaller and PostgreSQL no faster. */
const GATHERING: GatheringLimits = { itemsMax: 64, bytesMax: 4 * 1024 * 1024, handoversMax: 2 };

/** Opens the journal on a PostgreSQL. Where nobody is told of it (`isTelling` false), no telemetry is owed. */
export function openJournalStore(prisma: PrismaClient, { isTelling = true }: { isTelling?: boolean } = {}): JournalStore {
  const claim = gathered(GATHERING, (requests: ClaimRequest[]) => eachTaskOnce(requests, (once) => claimTasks(prisma, once)));
  const record = gathered(GATHERING, (writes: ProgressWrite[]) => eachTaskOnce(writes, (once) => recordAll(prisma, once, isTelling)));
  return {
    // What follows a claim is of one task alone: a claim that was made is not made again because another one cannot be read.
    claimTask: async (request) => claimOf(prisma, request, await claim(request, 0)),
    recordProgress: (write) => record(write, bytesOf(write.progress)),
    endedAttempts: (taskId, run) => listEndedAttempts(prisma, taskId, run),
    releaseAttempts: (held) => releaseAttempts(prisma, held),
    countDeaths: (taskId, run) => countDeaths(prisma, taskId, run),
  };
}

/** What a claim came to; `row` is undefined where there was nothing to start. */
async function claimOf(prisma: PrismaClient, { taskId, build }: ClaimRequest, row: ClaimRow | undefined): Promise<Claim> {
  if (row === undefined) {
    const select = { status: true, run: true, version: true };
    const known = await askStateStore(() => prisma.task.findUnique({ where: { id: taskId }, select }));
    if (known === null) return { kind: "missing" };
    if (known.status === "done" || known.status === "dead") return { kind: "finished" };
    const { version } = known;
    if (version !== null) {
      const of = await askStateStore(() => prisma.agentVersionRow.findUnique({ where: { name: version }, select: { build: true } }));
      if (of === null || of.build !== build) return { kind: "elsewhere" };
    }
    const died = { taskId, run: known.run, OR: [{ outcome: "lost" }, { outcome: null }] };
    return { kind: (await askStateStore(() => prisma.attempt.count({ where: died }))) > 0 ? "suspect" : "finished" };
  }
  const deaths = { all: row.deaths, alone: row.deathsAlone };
  const claimed = {
    kind: "claimed" as const,
    task: toTaskRecord(row),
    version: row.servedBy,
    stepsBefore: row.journalFrom,
    failures: row.failures,
    deaths,
  };
  if (row.attempts === 1) return { ...claimed, steps: [], unreadable: null };
  const steps = await readSteps(prisma, taskId, row.journalFrom);
  return "steps" in steps ? { ...claimed, ...steps, unreadable: null } : { ...claimed, steps: [], unreadable: steps.unreadable };
}

/** A task's finished steps behind `from`, or why they are none that this version knows. */
async function readSteps(prisma: PrismaClient, taskId: string, from: number): Promise<{ steps: Step[] } | { unreadable: string }> {
  const rows = await askStateStore(() => prisma.step.findMany({ where: { taskId, step: { gt: from } }, orderBy: { step: "asc" } }));
  try {
    return { steps: rows.map(toStep) };
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

/** About how much progress weighs in a statement. */
function bytesOf({ steps, decisions, ending }: Progress): number {
  return JSON.stringify([steps, decisions.map(({ detail }) => detail), ending]).length;
}

/** Hands items to `work` so that no two of the same task are in one statement: PostgreSQL would see the fence of but one of them. */
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

type ClaimRow = TaskRecordRow & { journalFrom: number; servedBy: string; failures: number; deaths: number; deathsAlone: number };

/** An attempt that seems to have died with its process. One that began before the store did may have gone down with the machine. */
const DIED = Prisma.sql`(attempt.outcome = 'lost' OR attempt.outcome IS NULL)`;
const DIED_ALONE = Prisma.sql`(${DIED} AND attempt.is_alone AND attempt.started_at > pg_postmaster_start_time())`;

async function releaseAttempts(prisma: PrismaClient, held: readonly HeldAttempt[]): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
    UPDATE attempt SET outcome = 'released', ended_at = COALESCE(ended_at, now())
    FROM unnest(${held.map(({ taskId }) => taskId)}::uuid[], ${held.map(({ attempt }) => attempt)}::integer[], ${held.map(({ isOver }) => isOver)}::boolean[])
      AS held (task_id, attempt, is_over)
    WHERE attempt.task_id = held.task_id AND attempt.attempt = held.attempt AND (outcome = 'lost' OR (outcome IS NULL AND is_over))`,
  );
}

async function countDeaths(prisma: PrismaClient, taskId: string, run: number): Promise<Deaths> {
  const [deaths = { all: 0, alone: 0 }] = await askStateStore(
    () => prisma.$queryRaw<Deaths[]>`
    SELECT count(*) FILTER (WHERE outcome = 'lost')::int AS all, count(*) FILTER (WHERE outcome = 'lost' AND ${DIED_ALONE})::int AS alone
    FROM attempt WHERE task_id = ${taskId}::uuid AND run = ${run}`,
  );
  return deaths;
}

/** Starts attempts at different tasks; undefined is one that is not there, is finished, or may only be started alone. */
async function claimTasks(prisma: PrismaClient, requests: readonly ClaimRequest[]): Promise<(ClaimRow | undefined)[]> {
  const ids = requests.map(({ taskId }) => taskId);
  const rows = await askStateStore(
    () => prisma.$queryRaw<ClaimRow[]>`
    WITH asked AS (
      SELECT * FROM unnest(
        ${ids}::uuid[], ${requests.map(({ worker }) => worker)}::text[], ${requests.map(({ version }) => version)}::text[],
        ${requests.map(({ build = null }) => build)}::text[], ${requests.map(({ nowUs }) => nowUs)}::bigint[], ${requests.map(({ nowUs }) => new Date(nowUs / 1_000))}::timestamptz[],
        ${requests.map(({ isAlone = false }) => isAlone)}::boolean[]
      ) AS asked (id, worker, own_version, build, now_us, now, is_alone)
    ), fence AS (
      UPDATE task SET status = 'running', attempts = attempts + 1, started_us = COALESCE(started_us, asked.now_us)
      FROM asked WHERE task.id = asked.id AND status IN ('queued', 'running')
        AND (task.version IS NULL OR EXISTS (SELECT FROM agent_version WHERE name = task.version AND agent_version.build = asked.build))
        AND (asked.is_alone OR task.attempts = 0 OR NOT EXISTS (SELECT FROM attempt WHERE attempt.task_id = task.id AND attempt.run = task.run AND ${DIED}))
      RETURNING task.id, request, status, trace_id, task.version, variant, run, attempts, head_seq, head_hash, result, error, created_at, started_us, finished_us, journal_from, worker, COALESCE(task.version, own_version) AS served_by, now, asked.is_alone
    ), earlier AS (
      SELECT fence.id, count(*) FILTER (WHERE outcome = 'failed')::int AS failures, count(*) FILTER (WHERE ${DIED})::int AS deaths,
        count(*) FILTER (WHERE ${DIED_ALONE})::int AS deaths_alone
      FROM fence JOIN attempt ON attempt.task_id = fence.id AND attempt.run = fence.run GROUP BY fence.id
    ), lost AS (
      UPDATE attempt SET outcome = 'lost', ended_at = fence.now FROM fence WHERE attempt.task_id = fence.id AND outcome IS NULL
    ), started AS (
      INSERT INTO attempt (task_id, attempt, run, worker, version, started_at, is_alone)
      SELECT id, attempts, run, worker, served_by, now, is_alone FROM fence
    )
    SELECT id, request, status, trace_id AS "traceId", version, variant, served_by AS "servedBy", journal_from AS "journalFrom", run, attempts, head_seq AS "headSeq",
      head_hash AS "headHash", result, error, created_at AS "createdAt", started_us AS "startedUs", finished_us AS "finishedUs", COALESCE(failures, 0) AS failures,
      COALESCE(deaths, 0) AS deaths, COALESCE(deaths_alone, 0) AS "deathsAlone"
    FROM fence LEFT JOIN earlier USING (id)`,
  );
  const claimed = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => claimed.get(id));
}

function insertSteps(writes: readonly ProgressWrite[]): Prisma.Sql {
  const rows = writes.flatMap(({ taskId, progress }) => progress.steps.map((step) => ({ taskId, ...step })));
  const column = <Value>(of: (row: (typeof rows)[number]) => Value): Value[] => rows.map(of);
  return Prisma.sql`journalled AS (
    INSERT INTO step (task_id, step, kind, attempt, started_us, finished_us, input, output, provider, model, input_tokens, output_tokens, model_call)
    SELECT s.task_id, s.step, s.kind, s.attempt, s.started_us, s.finished_us, s.input::json, s.output::json, s.provider, s.model, s.input_tokens, s.output_tokens, s.model_call::json
    FROM unnest(
      ${column(({ taskId }) => taskId)}::uuid[], ${column(({ step }) => step)}::integer[], ${column(({ stage }) => stage.kind)}::text[],
      ${column(({ attempt }) => attempt)}::integer[], ${column(({ startedUs }) => startedUs)}::bigint[], ${column(({ finishedUs }) => finishedUs)}::bigint[],
      ${column(({ stage }) => JSON.stringify(stage.input))}::text[], ${column(({ stage }) => JSON.stringify(stage.output))}::text[],
      ${column(({ modelUse }) => modelUse?.provider ?? null)}::text[], ${column(({ modelUse }) => modelUse?.model ?? null)}::text[],
      ${column(({ modelUse }) => modelUse?.inputTokens ?? null)}::integer[], ${column(({ modelUse }) => modelUse?.outputTokens ?? null)}::integer[],
      ${column(({ modelUse }) => (modelUse?.call == null ? null : JSON.stringify(modelUse.call)))}::text[]
    ) AS s (task_id, step, kind, attempt, started_us, finished_us, input, output, provider, model, input_tokens, output_tokens, model_call)
    JOIN fence ON fence.id = s.task_id
  )`;
}

/** How an ending changes the rows of its task and attempt; null leaves them as they are. */
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

/** Writes what attempts add to different tasks: steps, decisions, owed telemetry and endings in one statement. */
async function recordAll(prisma: PrismaClient, writes: readonly ProgressWrite[], isTelling: boolean): Promise<boolean[]> {
  const heads = writes.map(({ head, progress }) => progress.decisions.at(-1) ?? head);
  const endings = writes.map(({ progress }) => endingColumns(progress.ending));
  const letters = writes.flatMap(({ progress: { ending } }) => (ending?.kind === "dead" ? [ending.letter] : []));
  const parts = [
    insertDecisions(writes.flatMap(({ progress }) => progress.decisions)),
    oweTelemetry(isTelling ? writes.map(owedBy) : []),
    insertSteps(writes),
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

/** Up to `rowsMax` finished steps of a task behind `step`, in order. */
export async function listStepsAfter(prisma: PrismaClient, taskId: string, step: number, rowsMax: number): Promise<Step[]> {
  const rows = await prisma.step.findMany({ where: { taskId, step: { gt: step } }, orderBy: { step: "asc" }, take: rowsMax });
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

/** The versions that served the attempts at several tasks, by task and attempt. */
export async function listServedVersions(prisma: PrismaClient, taskIds: readonly string[]): Promise<Map<string, Map<number, string>>> {
  const rows = await prisma.attempt.findMany({
    where: { taskId: { in: [...taskIds] } },
    select: { taskId: true, attempt: true, version: true },
  });
  const byTask = Map.groupBy(rows, ({ taskId }) => taskId);
  return new Map([...byTask].map(([taskId, attempts]) => [taskId, new Map(attempts.map(({ attempt, version }) => [attempt, version]))]));
}

/** How the ended attempts of one run went, oldest first: all but one that finished the task. */
async function listEndedAttempts(prisma: PrismaClient, taskId: string, run: number): Promise<AttemptReport[]> {
  const rows = await prisma.attempt.findMany({
    where: { taskId, run, outcome: { in: ["failed", "lost", "released"] } },
    orderBy: { attempt: "asc" },
  });
  return rows.map((row) =>
    AttemptReport.parse({
      attempt: row.attempt,
      worker: row.worker,
      version: row.version,
      startedAt: row.startedAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
      outcome: row.outcome,
      error: row.errorClass === null ? null : { class: row.errorClass, message: row.errorMessage ?? "" },
      isAlone: row.isAlone,
      backoffMs: row.backoffMs,
    }),
  );
}
