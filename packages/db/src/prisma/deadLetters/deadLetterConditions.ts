import type { DeadLetterFilter, DeadLetterState } from "@signalbox/model";
import { Prisma } from "../generated/client.ts";

/** Whether a letter was neither redriven nor discarded yet: it is open, or claimed. */
export const IS_UNSETTLED: Prisma.Sql = Prisma.sql`redriven_at IS NULL AND discarded_at IS NULL`;

const HAS_HOLDER = Prisma.sql`EXISTS (SELECT 1 FROM redrive_item WHERE redrive_item.letter_id = dead_letter.id AND redrive_item.state = 'pending')`;

/** The conditions for a letter's state, on its row of `dead_letter`. */
const IS_IN_STATE = {
  open: Prisma.sql`${IS_UNSETTLED} AND NOT ${HAS_HOLDER}`,
  claimed: Prisma.sql`${IS_UNSETTLED} AND ${HAS_HOLDER}`,
  redriven: Prisma.sql`redriven_at IS NOT NULL`,
  discarded: Prisma.sql`discarded_at IS NOT NULL`,
} as const satisfies Record<DeadLetterState, Prisma.Sql>;

/** Whether a letter is in a state; always true for `undefined`. */
export function isInState(state: DeadLetterState | undefined): Prisma.Sql {
  return state === undefined ? Prisma.sql`true` : IS_IN_STATE[state];
}

/** A letter's state, as a column of text. */
export const STATE_COLUMN: Prisma.Sql = Prisma.sql`CASE WHEN ${IS_IN_STATE.discarded} THEN 'discarded' WHEN ${IS_IN_STATE.redriven} THEN 'redriven' WHEN ${HAS_HOLDER} THEN 'claimed' ELSE 'open' END`;

/** A LIKE pattern in which `%` and `_` of the text stand for themselves. */
const contains = (text: string): string => `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;

/** The condition of a filter on the letters of a project, whatever their state. */
export function letterConditions(project: string, filter: DeadLetterFilter): Prisma.Sql {
  const { kind, fingerprint, cause, version, service, tool, errorClass, text, failedSince, failedBefore } = filter;
  const conditions = [
    Prisma.sql`project = ${project}`,
    ...(kind === undefined ? [] : [Prisma.sql`kind = ${kind}`]),
    ...(fingerprint === undefined ? [] : [Prisma.sql`fingerprint = ${fingerprint}`]),
    ...(cause === undefined ? [] : [Prisma.sql`cause = ${cause}`]),
    ...(version === undefined ? [] : [Prisma.sql`${version} = ANY(versions)`]),
    ...(service === undefined ? [] : [Prisma.sql`service = ${service}`]),
    ...(tool === undefined ? [] : [Prisma.sql`tool = ${tool}`]),
    ...(errorClass === undefined ? [] : [Prisma.sql`error_class = ${errorClass}`]),
    ...(text === undefined ? [] : [Prisma.sql`message ILIKE ${contains(text)}`]),
    ...(failedSince === undefined ? [] : [Prisma.sql`last_failed_at >= ${failedSince}::timestamptz`]),
    ...(failedBefore === undefined ? [] : [Prisma.sql`last_failed_at < ${failedBefore}::timestamptz`]),
  ];
  return Prisma.join(conditions, " AND ");
}
