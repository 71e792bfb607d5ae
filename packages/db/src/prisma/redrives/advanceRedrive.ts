import { type ChainHead, type Decision, type RedriveItemState, type RedriveState, TargetVersion, TaskRequest } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import { insertDecisions } from "../decisions/decisionStore.ts";
import { insertOutbox } from "../decisions/outboxStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { listQueuePauses } from "../tasks/pauseStore.ts";
import { countItems } from "./redriveStore.ts";
import { listServingVersions } from "./servingVersions.ts";

/** A dead task, with what the decision to run it again needs, and the redrive that does it. `isEdited`: its request was replaced. */
export type DeadTask = {
  id: string;
  project: string;
  traceId: string;
  attempts: number;
  head: ChainHead;
  deadLetterId: string;
  isEdited: boolean;
  redrive: { id: string; name: string; actor: string; reason: string; version: TargetVersion };
};

/**
 * A running redrive as its pacing rule sees it. `tokens` is the number of letters that its
 * rate allowed at `tokensAtMs` (since 1970); `first` counts its trial share, with one example
 * of a failure. Once no letter is pending or running any more, `ended` counts how they ended.
 */
export type RedriveView = {
  ratePerSecond: number;
  tokens: number;
  tokensAtMs: number;
  tryFirst: number | null;
  hasPending: boolean;
  isAtWork: boolean;
  ended: Record<RedriveItemState, number> | null;
  first: { running: number; passed: number; failed: number; failure: string | null };
};

/** The next move of a redrive: requeue a number of letters, which leaves `tokens`; or wait, stop, or end. */
export type RedriveMove =
  | { kind: "redrive"; letters: number; tokens: number }
  | { kind: "wait" }
  | { kind: "stop"; note: string }
  | { kind: "done"; note: string };

/** The rules that pace a redrive and word its decisions. */
export type RedriveRules = { nextMove: (view: RedriveView, nowMs: number) => RedriveMove; replay: (task: DeadTask) => Decision };

type RedriveRecord = Prisma.RedriveRowGetPayload<object>;
type Transaction = Prisma.TransactionClient;

/** A letter whose turn it is. */
type Turn = { position: number; letterId: string; redrivenAt: Date | null; discardedAt: Date | null; discardedBy: string | null };

/** A task's letter whose turn it is. */
type TaskTurn = Turn & {
  payload: unknown;
  letterRun: number;
  letterVersions: string[];
  version: string | null;
  id: string;
  project: string;
  traceId: string;
  attempts: number;
  status: string;
  run: number;
  headSeq: number;
  headHash: string;
};

/** The most characters of a message that are kept beside an item. */
const NOTE_CHARS = 300;

/** Settles the letters of redrives whose tasks have ended: how, and in which letter. Settling twice writes once. */
export async function settleRedrives(prisma: PrismaClient, now: Date): Promise<number> {
  return prisma.$executeRaw`
    UPDATE redrive_item AS item SET state = CASE WHEN task.run = item.run AND task.status = 'done' THEN 'passed' ELSE 'failed' END, ended_at = ${now},
      next_letter_id = (SELECT id FROM dead_letter WHERE task_id = item.task_id AND run = item.run),
      note = (SELECT left(message, ${NOTE_CHARS}) FROM dead_letter WHERE task_id = item.task_id AND run = item.run)
    FROM task WHERE item.state = 'running' AND task.id = item.task_id AND (task.run > item.run OR task.status IN ('done', 'dead'))`;
}

/** The redrives that are running, oldest first. */
export async function listRunningRedrives(prisma: PrismaClient): Promise<string[]> {
  const rows = await prisma.redriveRow.findMany({
    where: { state: "running" },
    orderBy: [{ createdAt: "asc" }, { id: "asc" }],
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

async function viewOf(transaction: Transaction, row: RedriveRecord): Promise<RedriveView> {
  const { id, ratePerSecond, tokens, tokensAt, tryFirst } = row;
  const [under] = await transaction.$queryRaw<Pick<RedriveView, "hasPending" | "isAtWork">[]>`
    SELECT EXISTS (SELECT FROM redrive_item WHERE redrive_id = ${id}::uuid AND state = 'pending') AS "hasPending",
      EXISTS (SELECT FROM redrive_item WHERE redrive_id = ${id}::uuid AND state = 'running') AS "isAtWork"`;
  const { hasPending = false, isAtWork = false } = under ?? {};
  const ended = hasPending || isAtWork ? null : ((await countItems(transaction, [id])).get(id) ?? null);
  const firsts =
    tryFirst === null
      ? []
      : await transaction.redriveItemRow.findMany({
          where: { redriveId: id, state: { in: ["running", "passed", "failed"] } },
          orderBy: { position: "asc" },
          take: tryFirst,
          select: { state: true, note: true },
        });
  const ofFirst = (state: RedriveItemState): number => firsts.filter((first) => first.state === state).length;
  return {
    ...{ ratePerSecond, tokens, tokensAtMs: tokensAt.getTime(), tryFirst, hasPending, isAtWork, ended },
    first: {
      ...{ running: ofFirst("running"), passed: ofFirst("passed"), failed: ofFirst("failed") },
      failure: firsts.find(({ state }) => state === "failed")?.note ?? null,
    },
  };
}

async function endRedrive(
  transaction: Transaction,
  row: RedriveRecord,
  state: RedriveState & ("stopped" | "done"),
  note: string,
  now: Date,
): Promise<void> {
  const { id, project, name } = row;
  await transaction.redriveRow.update({ where: { id }, data: { state, note, endedAt: state === "done" ? now : null } });
  const act = state === "done" ? ("redrive_done" as const) : ("redrive_stopped" as const);
  await audit(transaction, [{ project, act, subject: id, actor: "signalbox-controller", reason: note, detail: { name }, now }]);
}

/** Stops a running redrive, and records that. */
export async function stopRedrive(prisma: PrismaClient, id: string, note: string, now: Date): Promise<void> {
  await prisma.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT 1 FROM redrive WHERE id = ${id}::uuid FOR UPDATE`;
    const row = await transaction.redriveRow.findUnique({ where: { id, state: "running" } });
    if (row !== null) await endRedrive(transaction, row, "stopped", note, now);
  });
}

/**
 * The next letters, locked: letters before tasks, each in the order of their ids, like
 * everybody who locks several. While their queue is paused, letters of tasks are left out.
 */
async function takeTurns(
  transaction: Transaction,
  { id: redriveId, project }: RedriveRecord,
  lettersMax: number,
): Promise<{ tasks: TaskTurn[]; telemetry: Turn[] }> {
  const isPaused = (await listQueuePauses(transaction, { project })).length > 0;
  const next = await transaction.redriveItemRow.findMany({
    where: { redriveId, state: "pending", ...(isPaused ? { taskId: null } : {}) },
    orderBy: { position: "asc" },
    take: lettersMax,
    select: { letterId: true },
  });
  const letterIds = next.map(({ letterId }) => letterId);
  await transaction.$queryRaw`SELECT 1 FROM dead_letter WHERE id = ANY(${letterIds}::uuid[]) ORDER BY id FOR UPDATE`;
  const telemetry = await transaction.$queryRaw<Turn[]>`
    SELECT item.position, ${TURN} FROM redrive_item AS item JOIN dead_letter AS letter ON letter.id = item.letter_id
    WHERE item.redrive_id = ${redriveId}::uuid AND item.state = 'pending' AND item.letter_id = ANY(${letterIds}::uuid[]) AND item.task_id IS NULL`;
  const tasks = await transaction.$queryRaw<TaskTurn[]>`
    SELECT item.position, item.payload, ${TURN}, letter.run AS "letterRun", letter.versions AS "letterVersions", task.version, task.id, task.project, task.trace_id AS "traceId", task.attempts, task.status, task.run,
      task.head_seq AS "headSeq", task.head_hash AS "headHash"
    FROM redrive_item AS item JOIN dead_letter AS letter ON letter.id = item.letter_id JOIN task ON task.id = item.task_id
    WHERE item.redrive_id = ${redriveId}::uuid AND item.state = 'pending' AND item.letter_id = ANY(${letterIds}::uuid[])
    ORDER BY task.id FOR UPDATE OF task`;
  return { tasks, telemetry };
}

const TURN = Prisma.sql`item.letter_id AS "letterId", letter.redriven_at AS "redrivenAt", letter.discarded_at AS "discardedAt", letter.discarded_by AS "discardedBy"`;

/** Why a letter can no longer be redriven; null when it can. */
function whySkipped(turn: Turn | TaskTurn): string | null {
  const { redrivenAt, discardedAt, discardedBy } = turn;
  if (discardedAt !== null) return `discarded by ${discardedBy}, ${discardedAt.toISOString()}`;
  if (redrivenAt !== null) return `redriven already, ${redrivenAt.toISOString()}`;
  if (!("status" in turn)) return null;
  const { status, run, letterRun } = turn;
  return status === "dead" && run === letterRun ? null : `its task is ${status} in run ${run}`;
}

/**
 * The only version that may serve a task from now on; null for any. With `any`, a task keeps its assigned version as long as that serves.
 */
function versionOf({ version, letterVersions }: TaskTurn, target: TargetVersion, serving: readonly string[]): string | null {
  if (target.kind === "other") return target.version;
  if (target.kind === "same") return letterVersions.at(-1) ?? null;
  return version !== null && serving.includes(version) ? version : null;
}

/** Replaces the request of a task, which starts over after the steps on record. */
async function replaceRequest(transaction: Transaction, taskId: string, payload: unknown): Promise<void> {
  const request = TaskRequest.parse(payload);
  const { name, tags, lane, expectation } = request;
  const { _max } = await transaction.step.aggregate({ where: { taskId }, _max: { step: true } });
  await transaction.task.update({
    where: { id: taskId },
    data: {
      ...{
        request: request as unknown as Prisma.InputJsonObject,
        name,
        tags,
        lane: lane ?? "interactive",
      },
      ...{ hasExpectation: expectation !== undefined, journalFrom: _max.step ?? 0 },
    },
  });
}

async function redriveTurns(
  transaction: Transaction,
  row: RedriveRecord,
  turns: readonly TaskTurn[],
  now: Date,
  replay: RedriveRules["replay"],
): Promise<void> {
  if (turns.length === 0) return;
  const { id, name, actor, reason } = row;
  const redrive = { id, name, actor, reason, version: TargetVersion.parse(row.version) };
  const decisions = turns.map(({ headSeq, headHash, letterId, payload, ...task }) =>
    replay({ ...task, head: { seq: headSeq, hash: headHash }, deadLetterId: letterId, isEdited: payload !== null, redrive }),
  );
  for (const turn of turns) if (turn.payload !== null) await replaceRequest(transaction, turn.id, turn.payload);
  const taskIds = turns.map((turn) => turn.id);
  const serving = await listServingVersions(transaction, now);
  const versions = turns.map((turn) => versionOf(turn, redrive.version, serving));
  await transaction.$executeRaw`
    WITH fence AS (
      UPDATE task SET status = 'queued', run = run + 1, result = NULL, error = NULL, finished_us = NULL, head_seq = again.head_seq, head_hash = again.head_hash,
        version = again.version, variant = CASE WHEN again.version IS NULL THEN NULL WHEN again.version = task.version THEN variant ELSE 'named' END
      FROM unnest(${taskIds}::uuid[], ${decisions.map(({ seq }) => seq)}::integer[], ${decisions.map(({ hash }) => hash)}::text[], ${versions}::text[])
        AS again (id, head_seq, head_hash, version)
      WHERE task.id = again.id RETURNING task.id
    ), ${insertDecisions(decisions)}, ${insertOutbox(decisions.map(({ taskId, seq }) => ({ taskId, decisions: [seq], spans: [] })))}
    UPDATE redrive_item SET state = 'running', redriven_at = ${now}, run = turn.run + 1
    FROM unnest(${turns.map(({ position }) => position)}::integer[], ${turns.map(({ run }) => run)}::integer[]) AS turn (position, run)
    WHERE redrive_id = ${id}::uuid AND redrive_item.position = turn.position`;
  await transaction.evaluationRow.deleteMany({ where: { taskId: { in: taskIds } } });
}

/**
 * Advances a redrive by one transaction, according to `nextMove`: requeues letters (their tasks become `queued`, with a new budget of
 * attempts and the decision made by `replay`; telemetry is sent by `sendAgain`), stops the redrive, or ends it. A task's journal stays,
 * so that finished steps are not repeated; its evaluation is deleted, because it belonged to the dead run. A redrive that another
 * process is advancing is left alone. Returns the move, with the number of requeued letters; `wait` where no letter's turn could come.
 */
export async function advanceRedrive(
  prisma: PrismaClient,
  id: string,
  now: Date,
  { nextMove, replay }: RedriveRules,
): Promise<RedriveMove> {
  return prisma.$transaction(async (transaction) => {
    const [held] = await transaction.$queryRaw<{ id: string }[]>`
      SELECT id FROM redrive WHERE id = ${id}::uuid AND state = 'running' FOR UPDATE SKIP LOCKED`;
    const row = held === undefined ? null : await transaction.redriveRow.findUnique({ where: { id } });
    if (row === null) return { kind: "wait" };
    const move = nextMove(await viewOf(transaction, row), now.getTime());
    if (move.kind === "stop") await endRedrive(transaction, row, "stopped", move.note, now);
    if (move.kind === "done") await endRedrive(transaction, row, "done", move.note, now);
    if (move.kind !== "redrive") return move;

    const { tasks, telemetry } = await takeTurns(transaction, row, move.letters);
    const turns = [...tasks, ...telemetry];
    if (turns.length === 0) return { kind: "wait" };
    const skipped = turns.flatMap((turn) => {
      const note = whySkipped(turn);
      return note === null ? [] : [{ position: turn.position, note }];
    });
    for (const { position, note } of skipped)
      await transaction.redriveItemRow.update({
        where: { redriveId_position: { redriveId: id, position } },
        data: { state: "skipped", note, endedAt: now },
      });
    const isGoing = (turn: Turn): boolean => whySkipped(turn) === null;
    const going = turns.filter(isGoing);
    await redriveTurns(transaction, row, tasks.filter(isGoing), now, replay);
    await transaction.redriveItemRow.updateMany({
      where: { redriveId: id, position: { in: telemetry.filter(isGoing).map(({ position }) => position) } },
      data: { state: "running", redrivenAt: now },
    });
    await transaction.deadLetter.updateMany({ where: { id: { in: going.map(({ letterId }) => letterId) } }, data: { redrivenAt: now } });
    // Skipped letters cost nothing. By a clock behind another controller's, no tokens are earned twice.
    const tokensAt = now > row.tokensAt ? now : row.tokensAt;
    await transaction.redriveRow.update({ where: { id }, data: { tokens: move.tokens + move.letters - going.length, tokensAt } });
    return { ...move, letters: going.length };
  });
}
