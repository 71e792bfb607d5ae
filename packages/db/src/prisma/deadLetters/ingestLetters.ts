import { createHash } from "node:crypto";
import { DeadLetterCause, fingerprintOfFailure, IngestBatch, type IngestLetter, newId } from "@signalbox/model";
import { audit } from "../auditStore.ts";
import type { Prisma, PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";

type RecordsBatch = Extract<IngestBatch, { held: "records" }>;
type FileBatch = Extract<IngestBatch, { held: "file" }>;

/** The service that receives telemetry. */
const SERVICE = "signalbox-collector";

/** The content of a letter about telemetry that could not be ingested. */
type Told = Pick<IngestLetter, "project" | "cause" | "message" | "firstFailedAt" | "lastFailedAt"> & { payload: IngestBatch };

/** Records rejected in one minute for reasons of one kind, as known so far. */
export type RejectedRecords = Told & { payload: RecordsBatch };

/** The fingerprint shared by letters of one source and one kind of reason. */
function fingerprintOf({ cause, message, payload }: Told): string {
  const [tool, kind] = payload.held === "file" ? ["langsmith", message] : [payload.source, payload.reasonKind ?? "other reasons"];
  return fingerprintOfFailure({ service: SERVICE, tool, errorClass: cause, message: kind, frame: null });
}

function rowOf(told: Told, run: number) {
  const { project, cause, message, payload, firstFailedAt, lastFailedAt } = told;
  return {
    ...{ id: newId(), kind: "ingest", run, project, cause, service: SERVICE, errorClass: cause, errorChain: [], frame: null, message },
    ...{
      tool: payload.held === "file" ? "langsmith" : payload.source,
      fingerprint: fingerprintOf(told),
      attempts: [],
      traceId: "",
      versions: [],
    },
    ...{
      firstFailedAt: new Date(firstFailedAt),
      lastFailedAt: new Date(lastFailedAt),
      minute: payload.held === "file" ? null : new Date(payload.minute),
    },
    payload: payload as Prisma.InputJsonObject,
  };
}

/** The time up to which any controller has searched rejected telemetry for letters; null before the first. */
export async function readIngestWatermark(prisma: PrismaClient): Promise<Date | null> {
  const row = await askStateStore(() => prisma.ingestWatermark.findUnique({ where: { id: 1 } }));
  return row?.lookedUntil ?? null;
}

/** Advances the watermark; it never goes back. */
export async function moveIngestWatermark(prisma: PrismaClient, lookedUntil: Date): Promise<void> {
  await askStateStore(
    () => prisma.$executeRaw`
    INSERT INTO ingest_watermark (looked_until) VALUES (${lookedUntil})
    ON CONFLICT (id) DO UPDATE SET looked_until = greatest(ingest_watermark.looked_until, excluded.looked_until)`,
  );
}

/** An existing letter of rejected records. */
type KnownLetter = Pick<Prisma.DeadLetterGetPayload<object>, "project" | "cause" | "message"> & { batch: RecordsBatch };

const placeOf = (project: string, { source, minute }: RecordsBatch): string => JSON.stringify([project, source, minute]);

/**
 * Keeps records that an earlier letter counted among its "many other reasons" in that letter, even
 * if their minute has fewer kinds of reasons left after some were sent again or have expired.
 */
function withinTheirLetters(seen: readonly RejectedRecords[], known: readonly KnownLetter[]): RejectedRecords[] {
  const rests = known.filter(({ batch }) => batch.reasonKind === null && batch.otherThan.length > 0);
  const restAt = new Map(rests.map((rest) => [placeOf(rest.project, rest.batch), rest]));
  const [own, others] = [[] as RejectedRecords[], new Map<KnownLetter, RejectedRecords[]>()];
  for (const told of seen) {
    const rest = restAt.get(placeOf(told.project, told.payload));
    if (rest === undefined || rest.batch.otherThan.includes(told.payload.reasonKind ?? "")) own.push(told);
    else others.set(rest, [...(others.get(rest) ?? []), told]);
  }
  const together = [...others].map(([{ project, cause, message, batch }, tolds]): RejectedRecords => {
    const upToUs = Math.max(...tolds.map(({ payload }) => payload.upToUs));
    const [firstFailedAt = ""] = tolds.map((told) => told.firstFailedAt).sort();
    const lastFailedAt =
      tolds
        .map((told) => told.lastFailedAt)
        .sort()
        .at(-1) ?? "";
    return {
      ...{ project, message, firstFailedAt, lastFailedAt },
      cause: DeadLetterCause.parse(cause),
      payload: { ...batch, afterUs: 0, upToUs },
    };
  });
  return [...own, ...together];
}

/**
 * Brings the letters of rejected records up to date: one per minute and kind of reason, which grows while
 * it is open. Records that arrived after somebody had dealt with it form another letter, its next `run`;
 * `countOf` counts those. Repeating a call writes nothing twice. Returns the number of new letters.
 */
export async function noteRejected(
  prisma: PrismaClient,
  seen: readonly RejectedRecords[],
  countOf: (project: string, batch: RecordsBatch) => Promise<number>,
): Promise<number> {
  if (seen.length === 0) return 0;
  const rows = await askStateStore(() =>
    prisma.deadLetter.findMany({
      where: { kind: "ingest", minute: { in: [...new Set(seen.map(({ payload }) => payload.minute))].map((minute) => new Date(minute)) } },
      orderBy: { run: "asc" },
      select: {
        ...{ id: true, project: true, fingerprint: true, minute: true, run: true, cause: true, message: true },
        ...{ payload: true, redrivenAt: true, discardedAt: true },
      },
    }),
  );
  const letters = rows.map(({ payload, ...row }) => ({ ...row, batch: IngestBatch.parse(payload) as RecordsBatch }));
  const keyOf = (project: string, fingerprint: string, minute: string): string => JSON.stringify([project, fingerprint, minute]);
  const latest = new Map(letters.map((row) => [keyOf(row.project, row.fingerprint, row.minute?.toISOString() ?? ""), row]));
  let added = 0;
  for (const told of withinTheirLetters(seen, letters)) {
    const known = latest.get(keyOf(told.project, fingerprintOf(told), told.payload.minute));
    const batch = known?.batch ?? null;
    if (batch !== null && told.payload.upToUs <= batch.upToUs) continue;
    const isOpen = known !== undefined && known.redrivenAt === null && known.discardedAt === null;
    const afterUs = batch === null ? 0 : isOpen ? batch.afterUs : batch.upToUs;
    const grown = { ...told.payload, afterUs };
    const isCounted = afterUs === 0 && (batch === null || batch.reasonKind !== null);
    const records = isCounted ? grown.records : Math.max(1, await countOf(told.project, grown));
    const payload = { ...grown, records, name: nameOf(records, grown.source) };
    if (isOpen) {
      await prisma.deadLetter.updateMany({
        where: { id: known.id, redrivenAt: null, discardedAt: null },
        data: { payload: payload as Prisma.InputJsonObject, lastFailedAt: new Date(told.lastFailedAt) },
      });
      continue;
    }
    const { count } = await prisma.deadLetter.createMany({
      data: [rowOf({ ...told, payload }, (known?.run ?? 0) + 1)],
      skipDuplicates: true,
    });
    added += count;
  }
  return added;
}

/** The name of a letter for its records. */
function nameOf(records: number, source: string): string {
  return `${records} ${records === 1 ? "record" : "records"} of ${source}`;
}

/** A client's file that could not be read at all, and why. */
export type UnreadableFile = { project: string; message: string; path: string; host: string; content: Buffer; now: Date };

/** The open letters of a file: at most one (the index `dead_letter_of_file`). */
async function openLettersOf(prisma: Prisma.TransactionClient, project: string, sha256: string): Promise<string[]> {
  const rows = await askStateStore(
    () => prisma.$queryRaw<{ id: string }[]>`
      SELECT id FROM dead_letter WHERE project = ${project} AND payload ->> 'sha256' = ${sha256}
        AND kind = 'ingest' AND minute IS NULL AND redriven_at IS NULL AND discarded_at IS NULL`,
  );
  return rows.map(({ id }) => id);
}

/** Creates a letter for a client's file unless one is still open. Returns its id, and whether it is new. */
export async function noteUnreadableFile(
  prisma: PrismaClient,
  { project, message, path, host, content, now }: UnreadableFile,
): Promise<{ id: string; isNew: boolean }> {
  const sha256 = createHash("sha256").update(content).digest("hex");
  const at = now.toISOString();
  const payload: FileBatch = { held: "file", name: path.split(/[\\/]/).at(-1) ?? path, path, host, sha256, bytes: content.length };
  const row = rowOf({ project, cause: "unreadable_batch", message, payload, firstFailedAt: at, lastFailedAt: at }, 1);
  const { count } = await askStateStore(() => prisma.deadLetter.createMany({ data: [row], skipDuplicates: true }));
  const [id = row.id] = count > 0 ? [] : await openLettersOf(prisma, project, sha256);
  return { id, isNew: count > 0 };
}

/** Closes the letters of a file whose batch was sent in the end, and records that. */
export async function settleImportedFile(
  prisma: PrismaClient,
  { project, content, actor, now }: { project: string; content: Buffer; actor: string; now: Date },
): Promise<void> {
  const sha256 = createHash("sha256").update(content).digest("hex");
  await askStateStore(() =>
    prisma.$transaction(async (transaction) => {
      const open = { id: { in: await openLettersOf(transaction, project, sha256) }, redrivenAt: null, discardedAt: null };
      const letters = await transaction.deadLetter.updateManyAndReturn({ where: open, data: { redrivenAt: now }, select: { id: true } });
      const act = { project, act: "letters_imported" as const, actor, reason: "its file was imported", detail: { sha256 }, now };
      await audit(
        transaction,
        letters.map(({ id }) => ({ ...act, subject: id })),
      );
    }),
  );
}
