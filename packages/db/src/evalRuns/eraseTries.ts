import type { ErasureSubject, TableRows } from "@signalbox/model";
import { ofSubject } from "../prisma/erasure/taskErasure.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";

const ERASE_MS_MAX = 60_000;

/** The traces of a subject: the named ones, and those of its tasks. */
const ofTraces = (project: string, subject: ErasureSubject, traces: readonly string[]): Prisma.Sql => Prisma.sql`
  SELECT unnest(${[...traces]}::text[]) UNION SELECT trace_id FROM task WHERE ${ofSubject(project, subject)}`;

/**
 * The tries of a project's eval runs that belong to a subject: their result is
 * on one of its traces, or their item was made from one of its traces or tasks.
 */
const ofTries = (project: string, subject: ErasureSubject, traces: readonly string[]): Prisma.Sql => Prisma.sql`
  (run_id, position, trial) IN (
    SELECT try.run_id, try.position, try.trial FROM eval_try AS try JOIN eval_run AS run ON run.id = try.run_id
    WHERE run.project = ${project} AND (
      try.trace_id IN (${ofTraces(project, subject, traces)})
      OR (regexp_replace(run.plan->>'dataset', '@[^@]*$', ''), try.item_id) IN (
        SELECT dataset.name, item.id FROM dataset_item AS item JOIN dataset ON dataset.id = item.dataset_id
        WHERE dataset.project = ${project} AND (
          item.content->'source'->>'traceId' IN (${ofTraces(project, subject, traces)})
          OR item.content->'source'->>'taskId' IN (SELECT id::text FROM task WHERE ${ofSubject(project, subject)})))))`;

/** The claims of score rules on a subject's traces. */
const ofClaims = (project: string, subject: ErasureSubject, traces: readonly string[]): Prisma.Sql => Prisma.sql`
  rule_id IN (SELECT id FROM score_rule WHERE project = ${project}) AND trace_id IN (${ofTraces(project, subject, traces)})`;

const rowsOf = (tries: number, claims: number): TableRows[] =>
  [
    { table: "eval_try", rows: tries },
    { table: "score_claim", rows: claims },
  ].filter(({ rows }) => rows > 0);

/** The number of tries of eval runs, and of claims of score rules, that erasing a subject would delete. */
export async function countTries(
  prisma: PrismaClient,
  project: string,
  subject: ErasureSubject,
  traces: readonly string[],
): Promise<TableRows[]> {
  const [row] = await prisma.$queryRaw<{ tries: number; claims: number }[]>`
    SELECT (SELECT count(*) FROM eval_try WHERE ${ofTries(project, subject, traces)})::int AS tries,
      (SELECT count(*) FROM score_claim WHERE ${ofClaims(project, subject, traces)})::int AS claims`;
  return row === undefined ? [] : rowsOf(row.tries, row.claims);
}

/**
 * Deletes the eval results and score-rule claims of a subject, before the items and tasks go through
 * which it is found. A run's tries are counted anew: its figures are then those of the remaining ones.
 */
export async function eraseTries(
  prisma: PrismaClient,
  { project, subject, traces }: { project: string; subject: ErasureSubject; traces: readonly string[] },
): Promise<TableRows[]> {
  const work = async (transaction: Prisma.TransactionClient): Promise<TableRows[]> => {
    const gone = await transaction.$queryRaw<{ tries: number }[]>`
      WITH gone AS (DELETE FROM eval_try WHERE ${ofTries(project, subject, traces)} RETURNING run_id, state),
      counts AS (
        SELECT run_id, (count(*) FILTER (WHERE state <> 'claimed'))::integer AS finished, (count(*) FILTER (WHERE state = 'failed'))::integer AS failed
        FROM gone GROUP BY run_id
      ), told AS (
        UPDATE eval_run SET finished = eval_run.finished - counts.finished, failed = eval_run.failed - counts.failed
        FROM counts WHERE eval_run.id = counts.run_id
      )
      SELECT count(*)::int AS tries FROM gone`;
    const claims = await transaction.$executeRaw`DELETE FROM score_claim WHERE ${ofClaims(project, subject, traces)}`;
    return rowsOf(gone[0]?.tries ?? 0, claims);
  };
  return prisma.$transaction(work, { timeout: ERASE_MS_MAX, maxWait: ERASE_MS_MAX });
}
