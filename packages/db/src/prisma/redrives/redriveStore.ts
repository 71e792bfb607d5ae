import {
  AppError,
  type LetterSelection,
  newId,
  type Obstructed,
  REDRIVES_UNDER_WAY,
  Redrive,
  RedriveItem,
  RedriveItemState,
  type TargetVersion,
  type TaskRequest,
} from "@signalbox/model";
import { type Act, audit } from "../auditStore.ts";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { requireRunningQueue } from "../tasks/pauseStore.ts";
import { isSelected, listCandidates, noSuchLetters, sortOut } from "./candidates.ts";
import { requireEditable } from "./requireEditable.ts";
import { listServingVersions } from "./servingVersions.ts";

/** The input for a new redrive. `payload` is an edited request, for a single letter only. */
export type NewRedrive = {
  project: string;
  name: string;
  reason: string;
  actor: string;
  selection: LetterSelection;
  version: TargetVersion;
  payload: TaskRequest | null;
  ratePerSecond: number;
  tryFirst: number | null;
};

/** Checks the confirmation for a number of letters; throws where it is missing. */
export type Confirm = (letters: number) => void;

/** The time limit for creating and reading a hundred thousand rows, in milliseconds, which takes longer than an ordinary query may. */
const CREATE_MS_MAX = 120_000;

type RedriveRecord = Prisma.RedriveRowGetPayload<object>;
type Counts = Redrive["counts"];

const NO_ITEMS = Object.fromEntries(RedriveItemState.options.map((state) => [state, 0])) as Counts;

/** The number of letters of each redrive in each state. */
export async function countItems(prisma: Prisma.TransactionClient, redriveIds: readonly string[]): Promise<Map<string, Counts>> {
  const rows = await prisma.redriveItemRow.groupBy({
    by: ["redriveId", "state"],
    where: { redriveId: { in: [...redriveIds] } },
    _count: true,
  });
  const counts = new Map(redriveIds.map((id) => [id, { ...NO_ITEMS }]));
  for (const { redriveId, state, _count } of rows) {
    const ofRedrive = counts.get(redriveId);
    if (ofRedrive !== undefined) ofRedrive[RedriveItemState.parse(state)] = _count;
  }
  return counts;
}

async function toRedrives(prisma: Prisma.TransactionClient, rows: readonly RedriveRecord[]): Promise<Redrive[]> {
  const ids = rows.map(({ id }) => id);
  const counts = await countItems(prisma, ids);
  const edited = await prisma.redriveItemRow.findMany({
    where: { redriveId: { in: ids }, NOT: { payload: { equals: Prisma.DbNull } } },
    select: { redriveId: true },
  });
  const hasEdited = new Set(edited.map(({ redriveId }) => redriveId));
  return rows.map(({ ruleId: _, tokens: __, tokensAt: ___, ...row }) =>
    Redrive.parse({
      ...row,
      hasEditedPayload: hasEdited.has(row.id),
      counts: counts.get(row.id),
      createdAt: row.createdAt.toISOString(),
      endedAt: row.endedAt?.toISOString() ?? null,
    }),
  );
}

/**
 * Creates a redrive of the letters of a selection that can be redriven,
 * within the given transaction, and records it. Null when there are none.
 */
export async function insertRedrive(
  transaction: Prisma.TransactionClient,
  { payload, ...order }: NewRedrive,
  letters: readonly { id: string; taskId: string | null }[],
  { now, ruleId }: { now: Date; ruleId: string | null },
): Promise<string> {
  const id = newId();
  const { project, name, reason, actor } = order;
  // A rate allows its first letter at once.
  await transaction.redriveRow.create({ data: { id, ...order, ruleId, state: "running", tokens: 1, tokensAt: now, createdAt: now } });
  await transaction.$executeRaw`
    INSERT INTO redrive_item (redrive_id, position, letter_id, task_id, payload, state)
    SELECT ${id}::uuid, item.position, item.letter_id, item.task_id, ${payload === null ? null : JSON.stringify(payload)}::json, 'pending'
    FROM unnest(${letters.map((letter) => letter.id)}::uuid[], ${letters.map(({ taskId }) => taskId)}::uuid[]) WITH ORDINALITY AS item (letter_id, task_id, position)`;
  const detail = { name, letters: letters.length, selection: order.selection, version: order.version, isEdited: payload !== null };
  await audit(transaction, [{ project, act: "redrive_created", subject: id, actor, reason, detail, now }]);
  return id;
}

function nothingToRedrive(obstructed: readonly Obstructed[]): AppError {
  const [first] = obstructed;
  if (first === undefined) return noSuchLetters();
  const rest = obstructed.map(({ obstacle, letters }) => `${letters} ${obstacle.replaceAll("_", " ")}`).join(", ");
  return new AppError(
    "conflict",
    `Nothing can be redriven: ${rest}. The dead letter ${first.letterId}${/^is /.test(first.detail) ? " " : ": "}${first.detail}.`,
    {
      hint: "Ask for a dry run to see what can be.",
    },
  );
}

/**
 * Creates a redrive. Its letters are fixed now: those of the selection that can be redriven; the
 * obstacles of the others are returned beside it. Throws `not_found` and `conflict` when there are none
 * (with who holds them, and since when) or while their queue is paused, and whatever `confirm` throws.
 */
export async function createRedrive(
  prisma: PrismaClient,
  order: NewRedrive,
  { now, confirm }: { now: Date; confirm: Confirm },
): Promise<{ redrive: Redrive; obstructed: Obstructed[] }> {
  return askStateStore(() =>
    prisma.$transaction(
      async (transaction) => {
        const letters = await listCandidates(transaction, isSelected(order.project, order.selection), { isLocking: true });
        const { free, obstructed } = sortOut(letters, {
          ...{ kind: "redrive", version: order.version, serving: await listServingVersions(transaction, now) },
        });
        if (free.length === 0) throw nothingToRedrive(obstructed);
        if (order.payload !== null) for (const { taskId } of free) await requireEditable(transaction, taskId, order.payload);
        if (free.some(({ taskId }) => taskId !== null)) await requireRunningQueue(transaction, order.project);
        confirm(free.length);
        const id = await insertRedrive(transaction, order, free, { now, ruleId: null });
        const [redrive] = await toRedrives(transaction, await transaction.redriveRow.findMany({ where: { id } }));
        if (redrive === undefined) throw new TypeError("a redrive went away while it was made");
        return { redrive, obstructed };
      },
      { timeout: CREATE_MS_MAX },
    ),
  );
}

/** Up to `rowsMax` redrives of a project, latest first; with `isUnderWay` only those that are not over. */
export async function listRedrives(
  prisma: PrismaClient,
  project: string,
  { rowsMax, isUnderWay = false }: { rowsMax: number; isUnderWay?: boolean },
): Promise<Redrive[]> {
  const where = { project, ...(isUnderWay ? { state: { in: [...REDRIVES_UNDER_WAY] } } : {}) };
  return askStateStore(async () => {
    const rows = await prisma.redriveRow.findMany({ where, orderBy: [{ createdAt: "desc" }, { id: "desc" }], take: rowsMax });
    return toRedrives(prisma, rows);
  });
}

/** A redrive of a project. Throws `not_found`. */
export async function readRedrive(prisma: PrismaClient, project: string, id: string): Promise<Redrive> {
  const [redrive] = await askStateStore(async () => toRedrives(prisma, await prisma.redriveRow.findMany({ where: { id, project } })));
  if (redrive === undefined) throw redriveNotFound(id);
  return redrive;
}

/** Up to `rowsMax` letters of a redrive after a position, in the order of their turns. */
export async function listRedriveItems(
  prisma: PrismaClient,
  {
    redriveId,
    after,
    rowsMax,
    states,
  }: { redriveId: string; after: number; rowsMax: number; states?: readonly RedriveItemState[] | undefined },
): Promise<RedriveItem[]> {
  const rows = await askStateStore(() =>
    prisma.redriveItemRow.findMany({
      where: { redriveId, position: { gt: after }, ...(states === undefined ? {} : { state: { in: [...states] } }) },
      orderBy: { position: "asc" },
      take: rowsMax,
      include: { letter: { select: { fingerprint: true, message: true } } },
    }),
  );
  return rows.map(({ redriveId: _, payload: __, sentAt: ___, letter, ...row }) =>
    RedriveItem.parse({
      ...row,
      ...letter,
      redrivenAt: row.redrivenAt?.toISOString() ?? null,
      endedAt: row.endedAt?.toISOString() ?? null,
    }),
  );
}

/** A person's act on a redrive. */
export type RedriveAct = { project: string; id: string; actor: string; reason: string; now: Date };

const STEERING = {
  pause: { from: ["running"], to: "paused", act: "redrive_paused" },
  resume: { from: ["paused", "stopped"], to: "running", act: "redrive_resumed" },
  cancel: { from: ["running", "paused", "stopped"], to: "cancelled", act: "redrive_cancelled" },
} as const satisfies Record<string, { from: Redrive["state"][]; to: Redrive["state"]; act: Act["act"] }>;

/**
 * Pauses, resumes or cancels a redrive, and records that. Requeued letters run to their end; a cancellation
 * releases the others. A redrive that stopped because its trial share failed resumes without another
 * trial. Throws `not_found`, and `conflict` for a redrive in a state that does not allow the act.
 */
export async function steerRedrive(prisma: PrismaClient, steer: keyof typeof STEERING, act: RedriveAct): Promise<Redrive> {
  const { project, id, actor, reason, now } = act;
  const { from, to, act: name } = STEERING[steer];
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await transaction.$queryRaw`SELECT 1 FROM redrive WHERE id = ${id}::uuid FOR UPDATE`;
      const row = await transaction.redriveRow.findFirst({ where: { id, project } });
      if (row === null) throw redriveNotFound(id);
      if (!(from as readonly string[]).includes(row.state))
        throw new AppError("conflict", `The redrive "${row.name}" is ${row.state}${row.note === null ? "" : `: ${row.note}`}.`, {
          hint: `It can be told to ${steer} while it is ${from.join(" or ")}.`,
        });
      const isOver = to === "cancelled";
      const changed = await transaction.redriveRow.update({
        where: { id },
        data: {
          state: to,
          note: steer === "resume" ? null : `${actor}: ${reason}`,
          endedAt: isOver ? now : null,
          // Whoever resumes it has seen what failed.
          ...(row.state === "stopped" && steer === "resume" ? { tryFirst: null } : {}),
          // A pause earns no tokens.
          tokensAt: now,
        },
      });
      if (isOver)
        await transaction.redriveItemRow.updateMany({
          where: { redriveId: id, state: "pending" },
          data: { state: "released", endedAt: now },
        });
      await audit(transaction, [{ project, act: name, subject: id, actor, reason, detail: { name: row.name }, now }]);
      const [redrive] = await toRedrives(transaction, [changed]);
      if (redrive === undefined) throw redriveNotFound(id);
      return redrive;
    }),
  );
}

function redriveNotFound(id: string): AppError {
  return new AppError("not_found", `There is no redrive ${id}.`, { hint: "`./signalbox dlq redrives` shows those that there are." });
}
