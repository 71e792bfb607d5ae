import type { ErasureSubject, TableRows } from "@signalbox/model";
import { ofSubject } from "../prisma/erasure/taskErasure.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";

/** The SQL for the queue items of a subject's traces, including those of its tasks. */
function itemsOf(project: string, subject: ErasureSubject, traces: readonly string[]): Prisma.Sql {
  return Prisma.sql`
    SELECT item.id FROM annotation_item AS item JOIN annotation_queue AS queue ON queue.id = item.queue_id
    WHERE queue.project = ${project} AND (
      item.trace_id = ANY(${[...traces]}::text[])
      OR item.trace_id IN (SELECT trace_id FROM task WHERE ${ofSubject(project, subject)}))`;
}

const rowsOf = (items: number, labels: number): TableRows[] =>
  [
    { table: "annotation", rows: labels },
    { table: "annotation_item", rows: items },
  ].filter(({ rows }) => rows > 0);

/** The number of queue items, and of labels and notes on them, that erasing a subject would delete. */
export async function countAnnotations(
  prisma: PrismaClient,
  project: string,
  subject: ErasureSubject,
  traces: readonly string[],
): Promise<TableRows[]> {
  const [row] = await prisma.$queryRaw<{ items: number; labels: number }[]>`
    WITH going AS (${itemsOf(project, subject, traces)})
    SELECT (SELECT count(*) FROM going)::int AS items, (SELECT count(*) FROM annotation WHERE item_id IN (SELECT id FROM going))::int AS labels`;
  return row === undefined ? [] : rowsOf(row.items, row.labels);
}

/** Deletes the queue items of a subject's traces, and the labels and notes on them; their scores are erased with the traces. */
export async function eraseAnnotations(
  prisma: PrismaClient,
  { project, subject, traces }: { project: string; subject: ErasureSubject; traces: readonly string[] },
): Promise<TableRows[]> {
  return prisma.$transaction(async (transaction) => {
    // Serialises with people who are labelling one of them.
    const held = await transaction.$queryRaw<{ id: string }[]>`
      SELECT id FROM annotation_item WHERE id IN (${itemsOf(project, subject, traces)}) ORDER BY id FOR UPDATE`;
    const ids = held.map(({ id }) => id);
    const labels = await transaction.$executeRaw`DELETE FROM annotation WHERE item_id = ANY(${ids}::uuid[])`;
    const items = await transaction.$executeRaw`DELETE FROM annotation_item WHERE id = ANY(${ids}::uuid[])`;
    return rowsOf(items, labels);
  });
}
