import { explainRollout, explainVerdict, type GateReport, otherReckoningText } from "@signalbox/evals";
import { policyHash, RECKONING, type RolloutEvidence, type StoredGateVerdict } from "@signalbox/model";
import type { CommandOutput } from "../../commandLine/commandOutput.ts";
import { EXIT } from "../../commandLine/exitCode.ts";
import type { Act } from "../../commandLine/verb.ts";
import { loadConfig } from "../../config.ts";
import { openStateStore } from "../../projects/stateStore.ts";
import { checkDocument, checkText } from "../check/checkText.ts";
import { requireRecord } from "../check/keptRecord.ts";
import { liveVerdictText } from "../liveVerdictText.ts";

/** Whether what is kept is what the policy makes of the evidence; null where another version reckoned it and nobody can say. */
type Agrees = boolean | null;

/** `signalbox gate explain`: 0 when what is kept is what the policy makes of the evidence, 1 when it is not, 3 when nobody can say here. */
export const explain: Act = async ({ output, env, args, flags }) => {
  await using prisma = openStateStore(loadConfig(env, flags));
  const record = await requireRecord(prisma, args[0] ?? "");
  const agrees = record.kind === "live" ? tellRollout(record.evidence, output) : tellVerdict(record.verdict, output);
  return agrees === null ? EXIT.inconclusive : agrees ? EXIT.pass : EXIT.failed;
};

/** Tells how a rollout's log follows from its blocks; whether it does. */
function tellRollout(evidence: RolloutEvidence, output: CommandOutput): Agrees {
  const { rollout, looks, blocks } = evidence;
  const { fault, reckonedBy, entries, latest } = explainRollout(evidence);
  const { id, project, gate, stable, candidate, phase } = rollout;
  const agrees = reckonedBy === null ? fault === null : null;
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
      reckonedBy,
      reckoning: RECKONING,
      looks: looks.length,
      blocks: blocks.length,
      entries,
      latest,
    },
    () => {
      const head = `rollout ${id} of ${project}, from ${stable} to ${candidate} under ${gate}: ${phase}`;
      const from = `Computed anew from ${blocks.length} blocks, ${looks.length} looks and the policy ${rollout.policyHash.slice(0, 12)}`;
      const agreement =
        reckonedBy !== null
          ? `${otherReckoningText(reckonedBy)} The seals of the log and of its evidence hold.`
          : agrees
            ? `${from}: each of the log's ${entries.length} entries is the same, byte for byte.`
            : `${from}: ${fault}`;
      return [head, latest === null ? "No look has been put on record." : liveVerdictText(latest), "", agreement].join("\n");
    },
  );
  return agrees;
}

/** Tells what a policy makes of the evidence that was kept with a verdict; whether it is that verdict. */
function tellVerdict(kept: StoredGateVerdict, output: CommandOutput): Agrees {
  const { recomputed, differsAt, reckonedBy } = explainVerdict(kept);
  const { policy, evidence, id, at, actor, commit } = kept;
  const report: GateReport = {
    ...recomputed,
    policy: { name: policy.metadata.name, hash: policyHash(policy) },
    dataset: evidence.candidate.dataset.name ?? "",
    candidate: evidence.candidate.name,
    judges: evidence.judges ?? [],
    baseline: evidence.baseline?.name ?? null,
  };
  const agrees = reckonedBy === null ? differsAt === null : null;
  const by = { reckonedBy, reckoning: RECKONING };
  const document = { kind: "offline", id, at, actor, commit, agrees, differsAt, ...by, ...checkDocument(report) };
  output.result(document, () => [checkText(report), "", agreementText(kept, differsAt, reckonedBy)].join("\n"));
  return agrees;
}

function agreementText(
  { at, actor, policy, evidence, verdict }: StoredGateVerdict,
  differsAt: string | null,
  reckonedBy: number | null,
): string {
  const tries = evidence.candidate.trials.length + (evidence.baseline?.trials.length ?? 0);
  const from = `Computed anew from ${tries} kept tries and the policy ${policyHash(policy).slice(0, 12)}`;
  if (differsAt === null) return `${from}: byte for byte what ${actor} was told at ${at}.`;
  if (reckonedBy !== null) return `Kept at ${at}: ${verdict.verdict}: ${verdict.reason} ${otherReckoningText(reckonedBy)}`;
  return `${from}: not what was kept at ${at} (${verdict.verdict}: ${verdict.reason}). ${differsAt === "" ? "All of it" : differsAt} differs.`;
}
