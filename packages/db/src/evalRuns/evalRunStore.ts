import { AppError, EvalRun, type EvalRunPlan, newId, storableText } from "@signalbox/model";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import { requireProject } from "../prisma/projects/projectStore.ts";
import { askStateStore } from "../prisma/stateStore.ts";

type EvalRunRecord = Prisma.EvalRunRowGetPayload<object>;

function toEvalRun({ id, plan, actor, createdAt, endedAt, note, finished, failed }: EvalRunRecord): EvalRun {
  return EvalRun.parse({
    ...(plan as Prisma.JsonObject),
    ...{ id, actor, note, finished, failed },
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  });
}

/** Creates an eval run; its plan never changes afterwards. Throws `not_found` without such a project. */
export async function createEvalRun(
  prisma: PrismaClient,
  plan: EvalRunPlan,
  { actor, now }: { actor: string; now: Date },
): Promise<EvalRun> {
  await requireProject(prisma, plan.project);
  const data = { id: newId(), project: plan.project, name: plan.name, plan: plan as Prisma.InputJsonObject, actor, createdAt: now };
  await askStateStore(() => prisma.evalRunRow.create({ data }));
  return { ...plan, id: data.id, actor, createdAt: now.toISOString(), endedAt: null, note: null, finished: 0, failed: 0 };
}

/** Up to `rowsMax` runs of a project, the latest first. */
export async function listEvalRuns(prisma: PrismaClient, project: string, rowsMax: number): Promise<EvalRun[]> {
  const rows = await askStateStore(() =>
    prisma.evalRunRow.findMany({ where: { project }, orderBy: [{ createdAt: "desc" }, { id: "asc" }], take: rowsMax }),
  );
  return rows.map(toEvalRun);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The run with an id, or the latest with a name. Throws `not_found`. */
export async function requireEvalRun(prisma: PrismaClient, project: string, idOrName: string): Promise<EvalRun> {
  const where = UUID.test(idOrName) ? { project, id: idOrName } : { project, name: idOrName };
  const row = await askStateStore(() => prisma.evalRunRow.findFirst({ where, orderBy: [{ createdAt: "desc" }, { id: "asc" }] }));
  if (row !== null) return toEvalRun(row);
  throw new AppError("not_found", `Project ${project} has no eval run ${idOrName}.`, {
    hint: "`./signalbox eval list` shows those that there are.",
  });
}

/**
 * Deletes a run with its tries; returns whether it did. The scores on its traces
 * stay, as the traces do. `ifEmpty`: only while none of its tries has a result.
 */
export async function deleteEvalRun(
  prisma: PrismaClient,
  { project, id }: Pick<EvalRun, "project" | "id">,
  { ifEmpty = false }: { ifEmpty?: boolean } = {},
): Promise<boolean> {
  const where = { project, id, ...(ifEmpty ? { finished: 0 } : {}) };
  const { count } = await askStateStore(() => prisma.evalRunRow.deleteMany({ where }));
  return count > 0;
}

/** Marks a run whose tries all have results as ended. */
export async function endEvalRun(prisma: PrismaClient, id: string, now: Date): Promise<void> {
  await askStateStore(() => prisma.evalRunRow.update({ where: { id }, data: { endedAt: now, note: null } }));
}

/** Records why a run stopped early. */
export async function noteEvalRun(prisma: PrismaClient, id: string, note: string): Promise<void> {
  await askStateStore(() => prisma.evalRunRow.update({ where: { id }, data: { note: storableText(note) } }));
}
