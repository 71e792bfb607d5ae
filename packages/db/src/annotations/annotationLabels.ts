import { type Annotation, type AnnotationItem, type AnnotationQueue, AppError, answersOf, type ExportedAnnotation } from "@signalbox/model";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import { CLAIM_MS, requireAnnotationItem, toAnnotation, toItem } from "./annotationItems.ts";

/** The page size of an export. */
const PAGE_ROWS = 1_000;

/** An answer: who gave it, for which item, and why. */
interface Saying {
  readonly itemId: string;
  readonly person: string;
  readonly note: string;
  readonly now: Date;
}

/** The answer with this value. Throws `invalid_input` where the question has no such answer. */
function answerOf({ kind }: AnnotationQueue, value: number): { value: number; label: string } {
  const answers = answersOf(kind);
  const answer = answers.find((candidate) => candidate.value === value);
  if (answer !== undefined) return { value, label: answer.label };
  const known = answers.map((candidate) => `${candidate.value} (${candidate.label})`).join(", ");
  throw new AppError("invalid_input", `${value} is no answer to this question.`, { hint: `Its answers are ${known}.` });
}

/**
 * Stores a person's label for an item; it replaces any earlier one of theirs. `publishAnnotations` writes its score. A label that arrives
 * after the claim has ended is stored all the same. Throws `invalid_input` for a value that is no answer, `not_found` without such an item.
 */
export async function labelAnnotationItem(
  prisma: PrismaClient,
  queue: AnnotationQueue,
  { value, ...saying }: Saying & { value: number },
): Promise<void> {
  await say(prisma, queue, saying, { state: "labelled", ...answerOf(queue, value) });
}

/** Records that a person skips an item and leaves it to others; the note says why. */
export async function skipAnnotationItem(prisma: PrismaClient, queue: AnnotationQueue, saying: Saying): Promise<void> {
  await say(prisma, queue, saying, { state: "skipped", value: null, label: null });
}

async function say(
  prisma: PrismaClient,
  queue: AnnotationQueue,
  { itemId, person, note, now }: Saying,
  said: Pick<Annotation, "state" | "value" | "label">,
): Promise<void> {
  await requireAnnotationItem(prisma, queue.id, itemId);
  await askStateStore(
    () => prisma.$executeRaw`
      INSERT INTO annotation (item_id, person, is_final, state, value, label, note, at, is_told)
      VALUES (${itemId}::uuid, ${person}, false, ${said.state}, ${said.value}, ${said.label}, ${note}, ${now}, ${said.state === "skipped"})
      ON CONFLICT (item_id, person, is_final) DO UPDATE SET state = excluded.state, value = excluded.value, label = excluded.label,
        note = excluded.note, at = excluded.at, claimed_until = NULL, 
        is_told = annotation.is_told AND annotation.state <> 'labelled' AND excluded.is_told`,
  );
}

/** Withdraws a person's last answer in a queue and claims its item for them again. Undefined where they gave no answer. */
export async function undoAnnotation(
  prisma: PrismaClient,
  queueId: string,
  { person, now }: { person: string; now: Date },
): Promise<{ item: AnnotationItem; annotation: Annotation } | undefined> {
  return askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const last = await transaction.annotationRow.findFirst({
        where: { person, isFinal: false, state: { in: ["labelled", "skipped"] }, item: { queueId } },
        orderBy: [{ at: "desc" }, { item: { position: "desc" } }],
        include: { item: true },
      });
      if (last === null) return undefined;
      await transaction.annotationRow.update({
        where: { itemId_person_isFinal: { itemId: last.itemId, person, isFinal: false } },
        data: {
          ...{ state: "claimed", value: null, label: null, note: "", at: now },
          ...{ claimedUntil: new Date(now.getTime() + CLAIM_MS), isTold: last.state === "skipped" && last.isTold },
        },
      });
      return { item: toItem(last.item), annotation: toAnnotation(last) };
    }),
  );
}

/** Settles a disagreement with a final label, which replaces any earlier final one. */
export async function settleAnnotationItem(
  prisma: PrismaClient,
  queue: AnnotationQueue,
  { itemId, person, note, now, value }: Saying & { value: number },
): Promise<void> {
  const answer = answerOf(queue, value);
  await requireAnnotationItem(prisma, queue.id, itemId);
  await askStateStore(
    () => prisma.$executeRaw`
      INSERT INTO annotation (item_id, person, is_final, state, value, label, note, at, is_told)
      VALUES (${itemId}::uuid, ${person}, true, 'labelled', ${answer.value}, ${answer.label}, ${note}, ${now}, false)
      ON CONFLICT (item_id) WHERE is_final DO UPDATE SET person = excluded.person, value = excluded.value, label = excluded.label,
        note = excluded.note, at = excluded.at, is_told = false`,
  );
}

/** The labels and skips of a queue, in the order of its items; at most `rowsMax`. */
export async function listAnnotations(prisma: PrismaClient, queueId: string, rowsMax: number): Promise<ExportedAnnotation[]> {
  const found: ExportedAnnotation[] = [];
  for await (const annotation of streamAnnotations(prisma, queueId)) {
    if (found.length === rowsMax) break;
    found.push(annotation);
  }
  return found;
}

/** All labels and skips of a queue, in the order of its items; those of one item by their time, with the final label last. */
export async function* streamAnnotations(prisma: PrismaClient, queueId: string): AsyncGenerator<ExportedAnnotation> {
  for (let after = 0; ; ) {
    const rows = await askStateStore(() =>
      prisma.annotationItemRow.findMany({
        where: { queueId, position: { gt: after } },
        orderBy: { position: "asc" },
        take: PAGE_ROWS,
        include: { annotations: { where: { state: { not: "claimed" } }, orderBy: [{ isFinal: "asc" }, { at: "asc" }, { person: "asc" }] } },
      }),
    );
    for (const row of rows) {
      const { traceId, spanId } = toItem(row);
      for (const { itemId: _, ...said } of row.annotations.map(toAnnotation)) yield { traceId, spanId, ...said };
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    after = last.position;
  }
}
