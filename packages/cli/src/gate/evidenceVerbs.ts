import { findVerdict, listVerdicts } from "@signalbox/db/gateEvidence";
import type { PrismaClient } from "@signalbox/db/prisma";
import { explainVerdict, type GateReport } from "@signalbox/evals";
import { AppError, type ListedGateVerdict, policyHash, type StoredGateVerdict } from "@signalbox/model";
import { z } from "zod";
import { EXIT } from "../commandLine/exitCode.ts";
import { textTable } from "../commandLine/textTable.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { checkDocument, checkText } from "./checkText.ts";

/** A kept verdict. Throws `invalid_input` for what is no id, `not_found` where there is none of it. */
export async function requireVerdict(prisma: PrismaClient, id: string): Promise<StoredGateVerdict> {
  if (!z.uuid().safeParse(id).success)
    throw new AppError("invalid_input", `"${id}" is no id of a verdict.`, { hint: "`./signalbox gate list` shows those that are kept." });
  const verdict = await findVerdict(prisma, id.toLowerCase());
  if (verdict !== null) return verdict;
  throw new AppError("not_found", `No verdict ${id} is kept.`, { hint: "`./signalbox gate list` shows those that are." });
}

/** `signalbox gate list`. */
export const list: Act<{ project: string; limit: number }> = async ({ output, env, flags: { project, limit, ...flags } }) => {
  await using prisma = openStateStore(loadConfig(env, flags));
  const verdicts = await listVerdicts(prisma, { project, rowsMax: limit });
  output.result({ verdicts }, () => (verdicts.length === 0 ? `No verdict of ${project} is kept.` : listText(verdicts)));
  return EXIT.pass;
};

function listText(verdicts: readonly ListedGateVerdict[]): string {
  const rows = verdicts.map(({ id, at, gate, verdict, candidate, candidateVersion, baseline, dataset, commit }) => [
    ...[id, at, gate, verdict, candidateVersion ?? candidate, baseline ?? "-", dataset ?? "-", commit?.slice(0, 12) ?? "-"],
  ]);
  return textTable([["id", "at", "gate", "verdict", "candidate", "baseline", "dataset", "commit"], ...rows]);
}

/** `signalbox gate explain`: 0 when what is kept is what the policy makes of the evidence, 1 when it is not. */
export const explain: Act = async ({ output, env, args, flags }) => {
  await using prisma = openStateStore(loadConfig(env, flags));
  const kept = await requireVerdict(prisma, args[0] ?? "");
  const { recomputed, differsAt } = explainVerdict(kept);
  const { policy, evidence, id, at, actor, commit } = kept;
  const report: GateReport = {
    ...recomputed,
    policy: { name: policy.metadata.name, hash: policyHash(policy) },
    dataset: evidence.candidate.dataset.name ?? "",
    candidate: evidence.candidate.name,
    baseline: evidence.baseline?.name ?? null,
  };
  const agrees = differsAt === null;
  const document = { kind: "offline", id, at, actor, commit, agrees, differsAt, ...checkDocument(report) };
  output.result(document, () => [checkText(report), "", agreementText(kept, differsAt)].join("\n"));
  return agrees ? EXIT.pass : EXIT.failed;
};

function agreementText({ at, actor, policy, evidence, verdict }: StoredGateVerdict, differsAt: string | null): string {
  const tries = evidence.candidate.trials.length + (evidence.baseline?.trials.length ?? 0);
  const from = `Computed anew from ${tries} kept tries and the policy ${policyHash(policy).slice(0, 12)}`;
  if (differsAt === null) return `${from}: byte for byte what ${actor} was told at ${at}.`;
  return `${from}: not what was kept at ${at} (${verdict.verdict}: ${verdict.reason}). ${differsAt === "" ? "All of it" : differsAt} differs.`;
}
