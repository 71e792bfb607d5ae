import { type Annotation, type AnnotationItem, type AnnotationQueue, type AnnotationSubject, AppError, newId } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/** The time for which a claimed item is reserved for one person, in milliseconds. */
export const CLAIM_MS = 600_000;

/** An item on which people's labels differ, with all labels and skips. */
export interface AnnotationDisagreement {
  readonly item: AnnotationItem;
  readonly annotations: readonly Annotation[];
}

type ItemRow = Prisma.AnnotationItemRowGetPayload<object>;

export function toItem({ id, traceId, spanId, addedBy, addedAt }: ItemRow): AnnotationItem {
  return { id, traceId, spanId: spanId === "" ? null : spanId, addedBy, addedAt: addedAt.toISOString() };
}

/** Locks a queue until the transaction ends, so that its items are handed out and numbered one at a time. */
async function lockQueue(transaction: Prisma.TransactionClient, queueId: string): Promise<void> {
  await transaction.$queryRaw`SELECT 1 FROM annotation_queue WHERE id = ${queueId}::uuid FOR UPDATE`;
}

/** Appends traces to a queue, in their order. Traces that are already in it are skipped; returns the number of new ones. */
export async function addAnnotationItems(
  prisma: PrismaClient,
  queueId: string,
  subjects: readonly AnnotationSubject[],
  { addedBy, now }: { addedBy: string; now: Date },
): Promise<{ added: number }> {
  const [traceIds, spanIds] = [subjects.map(({ traceId }) => traceId), subjects.map(({ spanId }) => spanId ?? "")];
  const ids = subjects.map(() => newId());
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await lockQueue(transaction, queueId);
      const added = await transaction.$executeRaw`
        INSERT INTO annotation_item (id, queue_id, position, trace_id, span_id, added_by, added_at)
        SELECT given.id, ${queueId}::uuid, before.last + given.place, given.trace_id, given.span_id, ${addedBy}, ${now}
        FROM unnest(${ids}::uuid[], ${traceIds}::text[], ${spanIds}::text[]) WITH ORDINALITY AS given (id, trace_id, span_id, place),
          (SELECT coalesce(max(position), 0) AS last FROM annotation_item WHERE queue_id = ${queueId}::uuid) AS before
        ON CONFLICT (queue_id, trace_id, span_id) DO NOTHING`;
      return { added };
    }),
  );
}

/**
 * Claims for a person the next item that lacks labels and that they neither labelled nor skipped, for `CLAIM_MS`; an item that
 * they already hold comes first. Undefined when nothing is left for them. `except` lists items that they already have open.
 */
export async function claimAnnotationItem(
  prisma: PrismaClient,
  { id: queueId, overlap }: Pick<AnnotationQueue, "id" | "overlap">,
  { person, except, now }: { person: string; except: readonly string[]; now: Date },
): Promise<AnnotationItem | undefined> {
  const until = new Date(now.getTime() + CLAIM_MS);
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      await lockQueue(transaction, queueId);
      const [row] = await transaction.$queryRaw<ItemRow[]>`
        SELECT item.id, item.queue_id AS "queueId", item.position, item.trace_id AS "traceId", item.span_id AS "spanId",
          item.added_by AS "addedBy", item.added_at AS "addedAt"
        FROM annotation_item item
        LEFT JOIN annotation mine ON mine.item_id = item.id AND mine.person = ${person} AND NOT mine.is_final
        WHERE item.queue_id = ${queueId}::uuid AND item.id <> ALL (${[...except]}::uuid[])
          AND (mine.state IS NULL OR mine.state = 'claimed')
          AND NOT EXISTS (SELECT 1 FROM annotation final WHERE final.item_id = item.id AND final.is_final)
          AND (
            SELECT count(*) FROM annotation other
            WHERE other.item_id = item.id AND NOT other.is_final AND other.person <> ${person}
              AND (other.state = 'labelled' OR (other.state = 'claimed' AND other.claimed_until > ${now}))
          ) < ${overlap}
        ORDER BY mine.state IS NULL, item.position
        LIMIT 1`;
      if (row === undefined) return undefined;
      await transaction.$executeRaw`
        INSERT INTO annotation (item_id, person, is_final, state, note, at, claimed_until, is_told)
        VALUES (${row.id}::uuid, ${person}, false, 'claimed', '', ${now}, ${until}, true)
        ON CONFLICT (item_id, person, is_final) DO UPDATE SET claimed_until = excluded.claimed_until`;
      return toItem(row);
    }),
  );
}

/** An item of a queue. Throws `not_found`. */
export async function requireAnnotationItem(prisma: PrismaClient, queueId: string, id: string): Promise<AnnotationItem> {
  const row = await askStateStore(() => prisma.annotationItemRow.findFirst({ where: { queueId, id } }));
  if (row === null) throw new AppError("not_found", "This item is not in the queue any more.", { hint: "Go on to the next one." });
  return toItem(row);
}

/** Items on which people's labels differ, in queue order, those without a final label first; the first `skip` are left out. */
export async function listAnnotationDisagreements(
  prisma: PrismaClient,
  queueId: string,
  { skip, rowsMax }: { skip: number; rowsMax: number },
): Promise<AnnotationDisagreement[]> {
  return askStateStore(async () => {
    const found = await prisma.$queryRaw<{ id: string }[]>`
      SELECT item.id FROM annotation_item item JOIN annotation said ON said.item_id = item.id AND said.state = 'labelled'
      WHERE item.queue_id = ${queueId}::uuid
      GROUP BY item.id
      HAVING count(DISTINCT said.value) FILTER (WHERE NOT said.is_final) > 1
      ORDER BY bool_or(said.is_final), item.position
      LIMIT ${rowsMax} OFFSET ${skip}`;
    const ids = found.map(({ id }) => id);
    const rows = await prisma.annotationItemRow.findMany({
      where: { id: { in: ids } },
      include: { annotations: { where: { state: "labelled" }, orderBy: [{ isFinal: "asc" }, { at: "asc" }, { person: "asc" }] } },
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = byId.get(id);
      return row === undefined ? [] : [{ item: toItem(row), annotations: row.annotations.map(toAnnotation) }];
    });
  });
}

/** A label or a skip, from its row. */
export function toAnnotation(row: Prisma.AnnotationRowGetPayload<object>): Annotation {
  const { itemId, person, isFinal, value, label, note, at } = row;
  return { itemId, person, isFinal, state: row.state === "skipped" ? "skipped" : "labelled", value, label, note, at: at.toISOString() };
}
