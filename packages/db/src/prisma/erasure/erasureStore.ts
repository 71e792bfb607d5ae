import { type ErasureSubject, newId, sha256, type TableRows } from "@signalbox/model";
import { countAnnotations, eraseAnnotations } from "../../annotations/eraseAnnotations.ts";
import { countTries, eraseTries } from "../../evalRuns/eraseTries.ts";
import { countItems, eraseItems } from "../datasets/eraseItems.ts";
import type { PrismaClient } from "../generated/client.ts";
import { askStateStore } from "../stateStore.ts";
import { countTaskRows, eraseTaskRows } from "./taskErasure.ts";

/** A recorded erasure. Times are ISO 8601, UTC; `doneAt` is null where it was interrupted. */
export interface RecordedErasure {
  kind: string;
  subjectDigest: string;
  actor: string;
  begunAt: string;
  doneAt: string | null;
}

/** The digest that identifies a subject on record: whoever knows the subject can find it. */
export function subjectDigest(subject: ErasureSubject): string {
  return sha256("value" in subject ? subject.value : "");
}

/**
 * The subject of an erasure. `traces` are its traces in the telemetry store,
 * whose eval tries, dataset items and annotation items are erased too.
 */
export interface ErasureAct {
  project: string;
  subject: ErasureSubject;
  traces?: () => Promise<readonly string[]>;
}

/** A trace is its own only trace; a whole project's datasets and queues are erased without a list of traces. */
async function tracesOf({ subject, traces }: ErasureAct): Promise<readonly string[]> {
  if (subject.kind === "project") return [];
  return [...(subject.kind === "trace" ? [subject.value] : []), ...((await traces?.()) ?? [])];
}

/**
 * The number of rows that an erasure would delete, by table: first datasets' and annotation queues'
 * items and the reference agent's rows, then those of the telemetry store from `countTelemetry`.
 */
export async function previewErasure(
  prisma: PrismaClient,
  act: ErasureAct,
  countTelemetry: () => Promise<TableRows[]>,
): Promise<TableRows[]> {
  const { project, subject } = act;
  const traces = await tracesOf(act);
  const kept =
    subject.kind === "project"
      ? []
      : await askStateStore(async () => [
          ...(await countTries(prisma, project, subject, traces)),
          ...(await countItems(prisma, project, subject, traces)),
          ...(await countAnnotations(prisma, project, subject, traces)),
        ]);
  return [...kept, ...(await askStateStore(() => countTaskRows(prisma, project, subject))), ...(await countTelemetry())];
}

/**
 * Performs an erasure, and records, before it begins, that `actor` asked for it, and at the end the deleted rows. Tries
 * of eval runs go first, then items of datasets and annotation queues, since they are found through the rows deleted
 * after them; then the reference agent's rows, so that it sends no more telemetry of them, and finally `eraseTelemetry`.
 */
export async function recordErasure(
  prisma: PrismaClient,
  act: ErasureAct & { actor: string; clock: () => number },
  eraseTelemetry: () => Promise<TableRows[]>,
): Promise<TableRows[]> {
  const { project, subject, actor, clock } = act;
  const id = newId();
  const data = { id, project, kind: subject.kind, subjectDigest: subjectDigest(subject), actor, begunAt: new Date(clock()) };
  await askStateStore(() => prisma.erasureRow.create({ data }));
  const scope = { project, subject, actor, now: new Date(clock()), traces: await tracesOf(act) };
  const kept =
    subject.kind === "project"
      ? []
      : await askStateStore(async () => [
          ...(await eraseTries(prisma, scope)),
          ...(await eraseItems(prisma, scope)),
          ...(await eraseAnnotations(prisma, scope)),
        ]);
  const tables = [...kept, ...(await askStateStore(() => eraseTaskRows(prisma, project, subject, id))), ...(await eraseTelemetry())];
  const done = { doneAt: new Date(clock()), tables: tables.map(({ table, rows }) => ({ table, rows })) };
  await askStateStore(() => prisma.erasureRow.update({ where: { id }, data: done }));
  return tables;
}

/** The last `rowsMax` erasures of a project, latest first. */
export async function listErasures(prisma: PrismaClient, project: string, rowsMax: number): Promise<RecordedErasure[]> {
  const rows = await askStateStore(() =>
    prisma.erasureRow.findMany({ where: { project }, orderBy: [{ begunAt: "desc" }, { id: "desc" }], take: rowsMax }),
  );
  return rows.map(({ kind, subjectDigest: digest, actor, begunAt, doneAt }) => ({
    ...{ kind, subjectDigest: digest, actor },
    begunAt: begunAt.toISOString(),
    doneAt: doneAt?.toISOString() ?? null,
  }));
}

/** An erasure that everything outside the stores has to follow. */
export type FollowedErasure = { project: string; kind: string; subjectDigest: string };

/** The erasures that ended after `endedAfter`, and those that began after `begunAfter` and have not ended. */
export async function listErasuresToFollow(
  prisma: PrismaClient,
  after: { endedAfter: Date; begunAfter: Date },
): Promise<FollowedErasure[]> {
  return askStateStore(() =>
    prisma.erasureRow.findMany({
      where: { OR: [{ doneAt: { gt: after.endedAfter } }, { doneAt: null, begunAt: { gt: after.begunAfter } }] },
      select: { project: true, kind: true, subjectDigest: true },
    }),
  );
}
