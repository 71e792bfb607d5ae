import { AppError, DatasetName, issuesText } from "@signalbox/model";
import { z } from "zod";
import { deleteDataset } from "../prisma/datasets/datasetStore.ts";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import { requireProject } from "../prisma/projects/projectStore.ts";
import { askStateStore } from "../prisma/stateStore.ts";
import type { NamedObject, WorkspaceQuery } from "./workspace.ts";

const Extra = z.record(z.string(), z.unknown());

/** A dataset in LangSmith's shape, with those of its fields that we know. */
function toObject({
  extra,
  description,
  versions: [latest],
  ...row
}: Prisma.DatasetRowGetPayload<{ include: { versions: true } }>): NamedObject {
  const { id, project, name, createdAt } = row;
  const body = { ...Extra.parse(extra), description, example_count: latest?.items ?? 0 };
  return { kind: "dataset", id, project, name, body, createdAt, updatedAt: latest?.createdAt ?? createdAt };
}

export async function listDatasetObjects(
  prisma: PrismaClient,
  { project, ids = [], name, limit, offset }: WorkspaceQuery,
): Promise<NamedObject[]> {
  const where = { project, ...(ids.length === 0 ? {} : { id: { in: [...ids] } }), ...(name === undefined ? {} : { name }) };
  const rows = await askStateStore(() =>
    prisma.datasetRow.findMany({
      where,
      include: { versions: { orderBy: { number: "desc" }, take: 1 } },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      take: limit,
      skip: offset,
    }),
  );
  return rows.map(toObject);
}

export async function putDataset(prisma: PrismaClient, { id, project, name, body, createdAt }: NamedObject): Promise<void> {
  const named = DatasetName.safeParse(name);
  if (!named.success) throw new AppError("invalid_input", `${JSON.stringify(name)} cannot name a dataset: ${issuesText(named.error)}`);
  await requireProject(prisma, project);
  const { description, example_count: _, ...extra } = body;
  const data = { description: typeof description === "string" ? description : "", extra: extra as Prisma.InputJsonObject };
  await askStateStore(async () => {
    const { count } = await prisma.datasetRow.updateMany({ where: { id, project }, data });
    if (count > 0) return;
    const made = await prisma.datasetRow.createMany({ data: [{ id, project, name, createdAt, ...data }], skipDuplicates: true });
    if (made.count === 0) throw new AppError("conflict", `there is a dataset named ${name} already`);
  });
}

export async function deleteDatasetObject(prisma: PrismaClient, project: string, id: string): Promise<void> {
  const dataset = await askStateStore(() => prisma.datasetRow.findUnique({ where: { id, project } }));
  if (dataset === null) throw new AppError("not_found", `there is no dataset ${id}`);
  await deleteDataset(prisma, project, dataset.name);
}
