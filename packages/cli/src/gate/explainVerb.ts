import { explainRollout, explainVerdict, type GateReport } from "@signalbox/evals";
import { policyHash, type RolloutEvidence, type StoredGateVerdict } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { EXIT } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { openStateStore } from "../projects/stateStore.ts";
import { checkDocument, checkText } from "./checkText.ts";
import { requireRecord } from "./keptRecord.ts";
import { liveVerdictText } from "./liveVerdictText.ts";

/** `signalbox gate explain`: 0 when the stored record follows from the policy and the evidence, 1 when it does not. */
export const explain: Act = async ({ output, env, args, flags }) => {
  await using prisma = openStateStore(loadConfig(env, flags));
  const record = await requireRecord(prisma, args[0] ?? "");
  const agrees = record.kind === "live" ? tellRollout(record.evidence, output) : tellVerdict(record.verdict, output);
  return agrees ? EXIT.pass : EXIT.failed;
};

/** Reports how a rollout's log follows from its blocks; returns whether it does. */
function tellRollout(evidence: RolloutEvidence, output: CommandOutput): boolean {
  const { rollout, looks, blocks } = evidence;
  const { fault, entries, latest } = explainRollout(evidence);
  const { id, project, gate, stable, candidate, phase } = rollout;
  const agrees = fault === null;
  output.result(
    {
      kind: "live",
      id,
      project,
      gate,
      stable,
      candidate,
      phase,
      agrees,
      fault,
      looks: looks.length,
      blocks: blocks.length,
      entries,
      latest,
    },
    () => {
      const head = `rollout ${id} of ${project}, from ${stable} to ${candidate} under ${gate}: ${phase}`;
      const from = `Computed anew from ${blocks.length} blocks, ${looks.length} looks and the policy ${rollout.policyHash.slice(0, 12)}`;
      const agreement = agrees ? `${from}: each of the log's ${entries.length} entries is the same, byte for byte.` : `${from}: ${fault}`;
      return [head, latest === null ? "No look has been put on record." : liveVerdictText(latest), "", agreement].join("\n");
    },
  );
  return agrees;
}

/** Reports the verdict that follows from the stored policy and evidence; returns whether it equals the stored one. */
function tellVerdict(kept: StoredGateVerdict, output: CommandOutput): boolean {
  const { recomputed, differsAt } = explainVerdict(kept);
  const { policy, evidence, id, at, actor, commit } = kept;
  const report: GateReport = {
    ...recomputed,
    policy: { name: policy.metadata.name, hash: policyHash(policy) },
    dataset: evidence.candidate.dataset.name ?? "",
    candidate: evidence.candidate.name,
    judges: evidence.judges ?? [],
    baseline: evidence.baseline?.name ?? null,
  };
  const agrees = differsAt === null;
  const document = { kind: "offline", id, at, actor, commit, agrees, differsAt, ...checkDocument(report) };
  output.result(document, () => [checkText(report), "", agreementText(kept, differsAt)].join("\n"));
  return agrees;
}

function agreementText({ at, actor, policy, evidence, verdict }: StoredGateVerdict, differsAt: string | null): string {
  const tries = evidence.candidate.trials.length + (evidence.baseline?.trials.length ?? 0);
  const from = `Computed anew from ${tries} kept tries and the policy ${policyHash(policy).slice(0, 12)}`;
  if (differsAt === null) return `${from}: byte for byte what ${actor} was told at ${at}.`;
  return `${from}: not what was kept at ${at} (${verdict.verdict}: ${verdict.reason}). ${differsAt === "" ? "All of it" : differsAt} differs.`;
}
