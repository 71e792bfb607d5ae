import { listVerdicts } from "@signalbox/db/gateEvidence";
import type { ListedGateVerdict } from "@signalbox/model";
import { EXIT } from "../../commandLine/exitCode.ts";
import { textTable } from "../../commandLine/textTable.ts";
import type { Act } from "../../commandLine/verb.ts";
import { loadConfig } from "../../config.ts";
import { openStateStore } from "../../projects/stateStore.ts";

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
