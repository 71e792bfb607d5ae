import {
  AppError,
  type GateVerdictFacts,
  KeptGatePolicy,
  type ListedGateVerdict,
  newId,
  offlineHash,
  policyHash,
  StoredGateVerdict,
} from "@signalbox/model";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";
import { requireProject } from "../prisma/projects/projectStore.ts";
import { askStateStore } from "../prisma/stateStore.ts";

/** Stores a verdict with its policy and evidence; returns it with its id. Throws `not_found` without such a project. */
export async function keepVerdict(prisma: PrismaClient, facts: GateVerdictFacts): Promise<StoredGateVerdict> {
  await requireProject(prisma, facts.project);
  const { project, gate, at, actor, commit, isCandidatesCommit = false, policy, evidence, verdict } = facts;
  const { candidate, baseline } = evidence;
  const id = newId();
  const data = {
    ...{
      id,
      project,
      gate,
      actor,
      commit,
      isCandidatesCommit,
      at: new Date(at),
      policyHash: policyHash(policy),
      outcome: verdict.verdict,
      reason: verdict.reason,
    },
    ...{ policy: policy as object, evidence: evidence as object, verdict: verdict as Prisma.InputJsonObject },
    ...{ candidate: candidate.name, baseline: baseline?.name ?? null, candidateVersion: candidate.version?.name ?? null },
    ...{ dataset: candidate.dataset.name, datasetHash: candidate.dataset.hash },
  };
  await askStateStore(() => prisma.gateVerdictRow.create({ data }));
  return { id, ...facts };
}

/** A stored verdict; null where there is none with this id. */
export async function findVerdict(prisma: PrismaClient, id: string): Promise<StoredGateVerdict | null> {
  const row = await askStateStore(() => prisma.gateVerdictRow.findUnique({ where: { id } }));
  if (row === null) return null;
  const { project, gate, at, actor, commit, isCandidatesCommit, policy, evidence, verdict } = row;
  const said = isCandidatesCommit ? { isCandidatesCommit } : {};
  const read = StoredGateVerdict.safeParse({ id, project, gate, at: at.toISOString(), actor, commit, ...said, policy, evidence, verdict });
  if (read.success) return read.data;
  throw new AppError("conflict", `The kept verdict ${id} is not as this Signalbox writes one.`, { cause: read.error });
}

/**
 * Up to `rowsMax` stored verdicts of a project, latest first; optionally limited to a gate, to a
 * version, to a commit (only those that are said to be of it), and to those until a time (ISO 8601).
 */
export async function listVerdicts(
  prisma: PrismaClient,
  {
    project,
    gate,
    candidateVersion,
    commit,
    until,
    rowsMax,
  }: { project: string; gate?: string; candidateVersion?: string; commit?: string; until?: string; rowsMax: number },
): Promise<ListedGateVerdict[]> {
  const where = {
    project,
    ...(gate === undefined ? {} : { gate }),
    ...(candidateVersion === undefined ? {} : { candidateVersion }),
    ...(commit === undefined ? {} : { commit, isCandidatesCommit: true }),
    ...(until === undefined ? {} : { at: { lte: new Date(until) } }),
  };
  const rows = await askStateStore(() =>
    prisma.gateVerdictRow.findMany({
      where,
      omit: { evidence: true, verdict: true },
      orderBy: [{ at: "desc" }, { id: "asc" }],
      take: rowsMax,
    }),
  );
  return rows.map(({ at, outcome, policy, ...row }) => {
    const read = KeptGatePolicy.safeParse(policy);
    const verdict = outcome as ListedGateVerdict["verdict"];
    return { ...row, at: at.toISOString(), verdict, offlineHash: read.success ? offlineHash(read.data) : null };
  });
}
