import { AppError } from "@signalbox/model";
import { z } from "zod";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import { requireProject } from "../prisma/projects/projectStore.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import type { NamedObject, WorkspaceQuery } from "./workspace.ts";

export const SessionBody = z.looseObject({ reference_dataset_id: z.uuid().nullish().catch(null) });

function toObject({ id, project, name, body, createdAt, updatedAt }: Prisma.TracerSessionRowGetPayload<object>): NamedObject {
  return { kind: "session", id, project, name, body: SessionBody.parse(body), createdAt, updatedAt };
}

export async function listSessionObjects(
  prisma: PrismaClient,
  { project, ids = [], name, limit, offset }: WorkspaceQuery,
): Promise<NamedObject[]> {
  const where = { project, ...(ids.length === 0 ? {} : { id: { in: [...ids] } }), ...(name === undefined ? {} : { name }) };
  const rows = await askStateStore(() =>
    prisma.tracerSessionRow.findMany({ where, orderBy: [{ createdAt: "asc" }, { id: "asc" }], take: limit, skip: offset }),
  );
  return rows.map(toObject);
}

/** Stores an experiment. It gets the version that its dataset has when it begins; every update schedules a look at its runs. */
export async function putSession(prisma: PrismaClient, object: NamedObject, now: Date): Promise<void> {
  const { id, project, name, createdAt, updatedAt } = object;
  await requireProject(prisma, project);
  const { reference_dataset_id: datasetId } = SessionBody.parse(object.body);
  const isExperiment = datasetId !== null && datasetId !== undefined;
  const data = { name, updatedAt, body: object.body as Prisma.InputJsonObject, lookAt: isExperiment ? now : null };
  await askStateStore(async () => {
    const { count } = await prisma.tracerSessionRow.updateMany({ where: { id, project }, data });
    if (count > 0) return;
    const dataset = isExperiment ? await prisma.datasetRow.findUnique({ where: { id: datasetId, project } }) : null;
    const row = { id, project, createdAt, ...data, datasetVersion: dataset?.latest || null };
    const made = await prisma.tracerSessionRow.createMany({ data: [row], skipDuplicates: true });
    if (made.count === 0) throw new AppError("conflict", `there is a session named ${name} already`);
  });
}
