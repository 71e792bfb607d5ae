import { type PrismaClient, type ResolvedVersion, resolveDataset } from "@signalbox/db/prisma";
import { AppError, type EvalRunPlan, parseDatasetReference } from "@signalbox/model";

/** The dataset version on which a run was planned. Throws `conflict` where another one has taken its place. */
export async function plannedVersion(
  prisma: PrismaClient,
  { project, dataset, datasetHash }: Pick<EvalRunPlan, "project" | "dataset" | "datasetHash">,
): Promise<ResolvedVersion> {
  const resolved = await resolveDataset(prisma, project, parseDatasetReference(dataset));
  if (resolved.version.hash === datasetHash) return resolved;
  throw new AppError("conflict", `${dataset} is not what it was when the run began.`, { hint: "Begin a new run." });
}
