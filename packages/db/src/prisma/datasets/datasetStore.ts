import {
  AppError,
  type Dataset,
  type DatasetReference,
  type DatasetVersion,
  type DatasetVersionChoice,
  nearestName,
  newId,
} from "@signalbox/model";
import { Prisma, type PrismaClient } from "../generated/client.ts";
import { requireProject } from "../projects/projectStore.ts";
import { askStateStore } from "../stateStore.ts";

/** A version together with its dataset. */
export interface ResolvedVersion {
  dataset: Dataset;
  version: DatasetVersion;
}

/** The most datasets that are searched for the nearest name. */
const NEAR_ROWS_MAX = 1_000;

/** A version from its row. */
export function toVersion({ datasetId: _, createdAt, ...row }: Prisma.DatasetVersionRowGetPayload<object>): DatasetVersion {
  return { ...row, createdAt: createdAt.toISOString() };
}

/** Includes the latest version in a dataset's row. */
const WITH_LATEST = { versions: { orderBy: { number: "desc" }, take: 1 } } as const satisfies Prisma.DatasetRowInclude;

function toDataset({ versions, ...row }: Prisma.DatasetRowGetPayload<{ include: typeof WITH_LATEST }>): Dataset {
  const [latest] = versions;
  const { id, project, name, description, createdAt } = row;
  return { id, project, name, description, createdAt: createdAt.toISOString(), latest: latest === undefined ? null : toVersion(latest) };
}

/** Creates a dataset without versions. Throws `not_found` without such a project, `conflict` if it already has a dataset of that name. */
export async function createDataset(
  prisma: PrismaClient,
  { project, name, description, id = newId() }: Pick<Dataset, "project" | "name" | "description"> & { id?: string },
  now: Date,
): Promise<Dataset> {
  await requireProject(prisma, project);
  const data = { id, project, name, description, createdAt: now };
  const { count } = await askStateStore(() => prisma.datasetRow.createMany({ data: [data], skipDuplicates: true }));
  if (count === 0) throw new AppError("conflict", `There is a dataset ${name} already.`, { hint: "Choose another name, or add to it." });
  return { ...data, createdAt: now.toISOString(), latest: null };
}

/** Up to `rowsMax` datasets of a project, by name. */
export async function listDatasets(prisma: PrismaClient, project: string, rowsMax: number): Promise<Dataset[]> {
  const rows = await askStateStore(() =>
    prisma.datasetRow.findMany({ where: { project }, include: WITH_LATEST, orderBy: { name: "asc" }, take: rowsMax }),
  );
  return rows.map(toDataset);
}

/** A dataset by its name; undefined where there is none. */
export async function findDataset(prisma: PrismaClient, project: string, name: string): Promise<Dataset | undefined> {
  const row = await askStateStore(() => prisma.datasetRow.findUnique({ where: { project_name: { project, name } }, include: WITH_LATEST }));
  return row === null ? undefined : toDataset(row);
}

/** A dataset by its name. Throws `not_found`, with the nearest name as a hint. */
export async function requireDataset(prisma: PrismaClient, project: string, name: string): Promise<Dataset> {
  const dataset = await findDataset(prisma, project, name);
  if (dataset !== undefined) return dataset;
  const rows = await askStateStore(() => prisma.datasetRow.findMany({ where: { project }, select: { name: true }, take: NEAR_ROWS_MAX }));
  const nearest = nearestName(
    name,
    rows.map((row) => row.name),
  );
  throw new AppError("not_found", `Project ${project} has no dataset ${JSON.stringify(name)}.`, {
    hint: nearest === undefined ? "`./signalbox dataset import` makes one." : `Do you mean ${nearest}?`,
  });
}

/** Up to `rowsMax` versions of a dataset, the latest first. */
export async function listDatasetVersions(prisma: PrismaClient, datasetId: string, rowsMax: number): Promise<DatasetVersion[]> {
  const rows = await askStateStore(() =>
    prisma.datasetVersionRow.findMany({ where: { datasetId }, orderBy: { number: "desc" }, take: rowsMax }),
  );
  return rows.map(toVersion);
}

/**
 * The version that a reference names. Throws `not_found` without such a
 * dataset or version, `invalid_input` where a hash prefix fits two contents.
 */
export async function resolveDataset(prisma: PrismaClient, project: string, { name, version }: DatasetReference): Promise<ResolvedVersion> {
  const dataset = await requireDataset(prisma, project, name);
  if (dataset.latest === null)
    throw new AppError("not_found", `Dataset ${name} is empty.`, { hint: "Add items: `./signalbox dataset import`, or the console." });
  if (version.kind === "latest") return { dataset, version: dataset.latest };
  const found = await askStateStore(() => findVersion(prisma, dataset.id, version));
  if (found !== null) return { dataset, version: toVersion(found) };
  const wanted = version.kind === "number" ? `version ${version.number}` : `version whose hash begins with ${version.prefix}`;
  throw new AppError("not_found", `Dataset ${name} has no ${wanted}.`, { hint: `The latest is ${name}@${dataset.latest.number}.` });
}

/** The nouns for a dataset's referrers, singular and plural. */
const REFERRERS = { evalRuns: ["eval run", "eval runs"], experiments: ["LangSmith experiment", "LangSmith experiments"] } as const;

/**
 * Deletes a dataset with all its versions, and returns it. Throws `not_found`, and
 * `conflict` while eval runs or experiments of LangSmith's clients refer to it.
 */
export async function deleteDataset(prisma: PrismaClient, project: string, name: string): Promise<Dataset> {
  const dataset = await requireDataset(prisma, project, name);
  const evalRuns = Prisma.sql`FROM eval_run WHERE project = ${project} AND regexp_replace(plan->>'dataset', '@[^@]*$', '') = ${name}`;
  const experiments = Prisma.sql`FROM tracer_session WHERE project = ${project} AND body->>'reference_dataset_id' = ${dataset.id}`;
  const deleted = await askStateStore(
    () => prisma.$executeRaw`
      DELETE FROM dataset WHERE id = ${dataset.id}::uuid AND NOT EXISTS (SELECT ${evalRuns}) AND NOT EXISTS (SELECT ${experiments})`,
  );
  if (deleted > 0) return dataset;
  const [counts] = await askStateStore(
    () => prisma.$queryRaw<Record<keyof typeof REFERRERS, number>[]>`
      SELECT (SELECT count(*)::int ${evalRuns}) AS "evalRuns", (SELECT count(*)::int ${experiments}) AS experiments`,
  );
  const words = (["evalRuns", "experiments"] as const).flatMap((kind) => {
    const count = counts?.[kind] ?? 0;
    return count === 0 ? [] : [`${count} ${REFERRERS[kind][count === 1 ? 0 : 1]}`];
  });
  throw new AppError("conflict", `Dataset ${name} stays: it is what ${words.join(" and ") || "something else"} asked about.`, {
    hint: "`./signalbox eval delete` deletes runs; experiments go with their project.",
  });
}

/** Finds a version. Where two versions have the same hash, and so the same items, it is the later. */
async function findVersion(prisma: PrismaClient, datasetId: string, version: Exclude<DatasetVersionChoice, { kind: "latest" }>) {
  if (version.kind === "number")
    return prisma.datasetVersionRow.findUnique({ where: { datasetId_number: { datasetId, number: version.number } } });
  const rows = await prisma.datasetVersionRow.findMany({
    where: { datasetId, hash: { startsWith: version.prefix } },
    orderBy: { number: "desc" },
    distinct: ["hash"],
    take: 2,
  });
  if (rows.length > 1)
    throw new AppError("invalid_input", `The hashes of several versions begin with ${version.prefix}.`, { hint: "Give more digits." });
  return rows[0] ?? null;
}
