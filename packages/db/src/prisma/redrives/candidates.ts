import {
  AppError,
  type DeadLetterKind,
  type LetterSelection,
  nearestName,
  type Obstacle,
  type Obstructed,
  REDRIVE_LIMITS,
  type TargetVersion,
} from "@signalbox/model";
import { IS_UNSETTLED, isInState, letterConditions } from "../deadLetters/deadLetterConditions.ts";
import { Prisma } from "../generated/client.ts";

const { sql } = Prisma;

/**
 * A letter that an act may apply to, with its possible obstacles. `holder` is
 * the redrive that holds it, `path` the client's file that holds its content.
 */
export type Candidate = {
  id: string;
  kind: DeadLetterKind;
  taskId: string | null;
  path: string | null;
  run: number;
  fingerprint: string;
  message: string;
  versions: string[];
  redrivenAt: Date | null;
  discardedAt: Date | null;
  discardedBy: string | null;
  taskStatus: string | null;
  taskRun: number | null;
  holderName: string | null;
  holderActor: string | null;
  holderCreatedAt: Date | null;
};

/** The most characters of a message that are shown. */
const MESSAGE_CHARS = 300;

/** The failure of an act whose selection has no letters. */
export const noSuchLetters = (): AppError => new AppError("not_found", "There are no such dead letters.");

/** The condition that a dead letter belongs to a selection. */
export function isSelected(project: string, selection: LetterSelection): Prisma.Sql {
  if (selection.kind === "group") return letterConditions(project, { fingerprint: selection.fingerprint });
  if (selection.kind === "filter") {
    const { state } = selection.filter;
    // Open letters that somebody else claims meanwhile are included, to report who holds them.
    return sql`${letterConditions(project, selection.filter)} AND ${state === "open" ? IS_UNSETTLED : isInState(state)}`;
  }
  return sql`${letterConditions(project, {})} AND id = ANY(${selection.ids}::uuid[])`;
}

/** Letters that somebody has already dealt with, in the same way; `first` is the one that failed first. */
export type Closed = { letters: number; first: Candidate };

/** The letters of a selection: the unsettled ones, and the numbers of others. */
export type Candidates = { open: Candidate[]; closed: Closed[] };

/** Letters with their possible obstacles, earliest failure first. */
function readCandidates(transaction: Prisma.TransactionClient, ids: readonly string[]): Promise<Candidate[]> {
  return transaction.$queryRaw<Candidate[]>`
    SELECT dead_letter.id, dead_letter.kind, dead_letter.task_id AS "taskId", CASE WHEN dead_letter.kind = 'ingest' THEN dead_letter.payload ->> 'path' END AS path, dead_letter.run, dead_letter.fingerprint, left(dead_letter.message, ${MESSAGE_CHARS}) AS message,
      dead_letter.versions, dead_letter.redriven_at AS "redrivenAt", dead_letter.discarded_at AS "discardedAt", dead_letter.discarded_by AS "discardedBy",
      task.status AS "taskStatus", task.run AS "taskRun",
      redrive.name AS "holderName", redrive.actor AS "holderActor", redrive.created_at AS "holderCreatedAt"
    FROM dead_letter LEFT JOIN task ON task.id = dead_letter.task_id
    LEFT JOIN redrive_item ON redrive_item.letter_id = dead_letter.id AND redrive_item.state IN ('pending', 'running', 'passed', 'failed')
    LEFT JOIN redrive ON redrive.id = redrive_item.redrive_id
    WHERE dead_letter.id = ANY(${[...ids]}::uuid[])
    ORDER BY dead_letter.last_failed_at, dead_letter.id`;
}

/**
 * The letters that meet a condition. With `isLocking` nobody else can change or claim the open ones
 * until the transaction ends. Throws `too_large` for more open letters than one redrive may have.
 */
export async function listCandidates(
  transaction: Prisma.TransactionClient,
  condition: Prisma.Sql,
  { isLocking }: { isLocking: boolean },
): Promise<Candidates> {
  const found = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM dead_letter WHERE ${condition} AND ${IS_UNSETTLED}
    ORDER BY id LIMIT ${REDRIVE_LIMITS.lettersMax + 1} ${isLocking ? sql`FOR UPDATE` : Prisma.empty}`;
  if (found.length > REDRIVE_LIMITS.lettersMax)
    throw new AppError("too_large", `More than ${REDRIVE_LIMITS.lettersMax} dead letters are meant.`, {
      hint: "Narrow the selection: by fingerprint, cause, version or time.",
    });
  // Claims made while the lock was awaited are visible only to the next statement,
  // which is limited to the locked letters, so that later ones are not included.
  const open = await readCandidates(
    transaction,
    found.map(({ id }) => id),
  );
  const counted = await transaction.$queryRaw<{ letters: number; firstId: string }[]>`
    SELECT count(*)::int AS letters, (array_agg(id ORDER BY last_failed_at, id))[1] AS "firstId"
    FROM dead_letter WHERE ${condition} AND NOT (${IS_UNSETTLED}) GROUP BY discarded_at IS NULL`;
  const firsts = await readCandidates(
    transaction,
    counted.map(({ firstId }) => firstId),
  );
  return {
    open,
    closed: firsts.map((first) => ({ first, letters: counted.find(({ firstId }) => firstId === first.id)?.letters ?? 1 })),
  };
}

/** An act on letters. `serving` are the versions that serve. */
export type LetterAct = { kind: "discard" } | { kind: "redrive"; version: TargetVersion; serving: readonly string[] };

/** A letter's obstacle to an act, with who caused it and when; null when there is none. */
function obstacleOf(letter: Candidate, act: LetterAct): { obstacle: Obstacle; detail: string } | null {
  const held =
    letter.holderName === null ? null : `by ${letter.holderActor} in "${letter.holderName}", ${letter.holderCreatedAt?.toISOString()}`;
  if (letter.discardedAt !== null)
    return { obstacle: "discarded", detail: `discarded by ${letter.discardedBy}, ${letter.discardedAt.toISOString()}` };
  if (letter.redrivenAt !== null)
    return { obstacle: "already_redriven", detail: `redriven ${held ?? `before, ${letter.redrivenAt.toISOString()}`}` };
  if (held !== null) return { obstacle: "claimed", detail: `is being redriven ${held}` };
  if (letter.path !== null && act.kind === "redrive")
    return { obstacle: "held_in_file", detail: `its batch is in ${letter.path} alone: import it again, or discard the letter` };
  if (letter.kind === "ingest") return null;
  if (letter.taskStatus !== "dead" || letter.taskRun !== letter.run)
    return { obstacle: "task_moved_on", detail: `its task is ${letter.taskStatus} in run ${letter.taskRun}` };
  if (act.kind === "discard") return null;
  const { version, serving } = act;
  const wanted = version.kind === "other" ? version.version : version.kind === "same" ? letter.versions.at(-1) : undefined;
  if (wanted === undefined || serving.includes(wanted)) return null;
  const nearest = nearestName(wanted, serving) ?? serving.join(", ");
  const known = serving.length === 0 ? "none serves now" : `the nearest that serves is ${nearest}`;
  return { obstacle: "version_gone", detail: `version ${wanted} serves no more: ${known}` };
}

/** Separates letters that can be acted on from the others, grouped by obstacle. */
export function sortOut({ open, closed }: Candidates, act: LetterAct): { free: Candidate[]; obstructed: Obstructed[] } {
  const free: Candidate[] = [];
  const obstructed = new Map<Obstacle, Obstructed>();
  const seen = [...open.map((first) => ({ first, letters: 1 })), ...closed];
  for (const { first, letters } of seen) {
    const found = obstacleOf(first, act);
    if (found === null) {
      free.push(first);
      continue;
    }
    const known = obstructed.get(found.obstacle);
    if (known === undefined) obstructed.set(found.obstacle, { ...found, letters, letterId: first.id });
    else known.letters += letters;
  }
  return { free, obstructed: [...obstructed.values()] };
}

/** The number of letters in a selection. */
export function countMeant(free: readonly Candidate[], obstructed: readonly Obstructed[]): number {
  return obstructed.reduce((sum, { letters }) => sum + letters, free.length);
}
