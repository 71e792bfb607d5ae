import {
  AnnotationKind,
  type AnnotationProgress,
  type AnnotationQueue,
  AppError,
  type NewAnnotationQueue,
  nearestName,
  newId,
} from "@signalbox/model";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import { requireProject } from "../prisma/projects/projectStore.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/** The most queues that a project may have. */
const QUEUES_MAX = 1_000;

type Row = Prisma.AnnotationQueueRowGetPayload<object>;

function toQueue({ kind, createdAt, ...row }: Row): AnnotationQueue {
  return { ...row, kind: AnnotationKind.parse(kind), createdAt: createdAt.toISOString() };
}

/** Creates an empty queue. Throws `not_found` without such a project, `conflict` if it already has a queue of that name. */
export async function createAnnotationQueue(
  prisma: PrismaClient,
  queue: NewAnnotationQueue,
  { createdBy, now }: { createdBy: string; now: Date },
): Promise<AnnotationQueue> {
  await requireProject(prisma, queue.project);
  const data = { ...queue, id: newId(), createdBy, createdAt: now };
  const { count } = await askStateStore(() => prisma.annotationQueueRow.createMany({ data: [data], skipDuplicates: true }));
  if (count === 0)
    throw new AppError("conflict", `There is an annotation queue ${queue.name} already.`, { hint: "Choose another name, or add to it." });
  return { ...data, createdAt: now.toISOString() };
}

/** The queues of a project, by name. */
export async function listAnnotationQueues(prisma: PrismaClient, project: string): Promise<AnnotationQueue[]> {
  const rows = await askStateStore(() =>
    prisma.annotationQueueRow.findMany({ where: { project }, orderBy: { name: "asc" }, take: QUEUES_MAX }),
  );
  return rows.map(toQueue);
}

/** A queue by its id. Throws `not_found`. */
export async function requireAnnotationQueue(prisma: PrismaClient, project: string, id: string): Promise<AnnotationQueue> {
  const row = await askStateStore(() => prisma.annotationQueueRow.findFirst({ where: { project, id } }));
  if (row === null) throw new AppError("not_found", `Project ${project} has no annotation queue ${id}.`);
  return toQueue(row);
}

/** A queue by its name. Throws `not_found`, with the nearest name as a hint. */
export async function requireAnnotationQueueNamed(prisma: PrismaClient, project: string, name: string): Promise<AnnotationQueue> {
  const row = await askStateStore(() => prisma.annotationQueueRow.findUnique({ where: { project_name: { project, name } } }));
  if (row !== null) return toQueue(row);
  const names = (await listAnnotationQueues(prisma, project)).map((queue) => queue.name);
  const nearest = nearestName(name, names);
  throw new AppError("not_found", `Project ${project} has no annotation queue ${JSON.stringify(name)}.`, {
    hint: nearest === undefined ? "`./signalbox annotate create` makes one." : `Do you mean ${nearest}?`,
  });
}

const NOTHING: AnnotationProgress = { items: 0, done: 0, labels: 0, skips: 0, disagreements: 0 };

/** The progress of each of the given queues, by their ids. */
export async function readAnnotationProgress(
  prisma: PrismaClient,
  queueIds: readonly string[],
): Promise<(queueId: string) => AnnotationProgress> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<(AnnotationProgress & { queueId: string })[]>`
      SELECT counted.queue_id AS "queueId", count(*)::int AS items,
        count(*) FILTER (WHERE counted.is_settled OR counted.labels >= queue.overlap)::int AS done,
        coalesce(sum(counted.labels), 0)::int AS labels, coalesce(sum(counted.skips), 0)::int AS skips,
        count(*) FILTER (WHERE counted.answers > 1 AND NOT counted.is_settled)::int AS disagreements
      FROM (
        SELECT item.queue_id, item.id,
          count(*) FILTER (WHERE said.state = 'labelled' AND NOT said.is_final) AS labels,
          count(*) FILTER (WHERE said.state = 'skipped') AS skips,
          count(DISTINCT said.value) FILTER (WHERE NOT said.is_final) AS answers,
          coalesce(bool_or(said.is_final), false) AS is_settled
        FROM annotation_item item LEFT JOIN annotation said ON said.item_id = item.id
        WHERE item.queue_id = ANY (${[...queueIds]}::uuid[])
        GROUP BY item.queue_id, item.id
      ) counted JOIN annotation_queue queue ON queue.id = counted.queue_id
      GROUP BY counted.queue_id`,
  );
  const found = new Map(rows.map(({ queueId, ...progress }) => [queueId, progress]));
  return (queueId) => found.get(queueId) ?? NOTHING;
}
