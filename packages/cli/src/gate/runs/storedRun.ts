import { listEvalRuns, requireEvalRun, streamEvalResults } from "@signalbox/db/evalRuns";
import { type PrismaClient, readRouting } from "@signalbox/db/prisma";
import { isOfDataset, type ScoredTrial } from "@signalbox/evals";
import { AppError, type EvalRun, type OfflinePolicy } from "@signalbox/model";
import { resultLine } from "../../eval/resultFile.ts";
import { gateTrial } from "../check/gateTrial.ts";
import { type FoundRun, judgeLog, lineDigest } from "./foundRun.ts";

/** The most of a project's latest runs that are searched for the one of the version in production. */
const RUNS_MAX = 1_000;

async function foundRun(store: PrismaClient, run: EvalRun, policy: OfflinePolicy): Promise<FoundRun> {
  if (run.endedAt === null)
    throw new AppError("conflict", `The run ${run.name} is not over: ${run.finished} of ${run.items * run.trials} tries have a result.`, {
      hint: `./signalbox eval run --resume ${run.id} goes on with it.`,
    });
  const trials: ScoredTrial[] = [];
  const [digest, judges] = [lineDigest(), judgeLog()];
  for await (const result of streamEvalResults(store, run.id)) {
    trials.push(gateTrial({ ...result, item: result.itemId }, policy));
    digest.add(resultLine(result));
    judges.add(result.scores);
  }
  const { id, name, target, dataset, datasetHash, unitKey } = run;
  return {
    ...{ id, isStored: true, agent: null, target, digest: digest.value(), judges: judges.value(), placeOf: () => undefined },
    run: { name, trials, dataset: { name: dataset, hash: datasetHash }, unitKey },
  };
}

/** The run with an id, or the latest with a name. Throws `not_found`, and `conflict` for one that is not over. */
export async function namedRun(store: PrismaClient, project: string, idOrName: string, policy: OfflinePolicy): Promise<FoundRun> {
  return foundRun(store, await requireEvalRun(store, project, idOrName), policy);
}

/**
 * The latest finished run, on the policy's dataset, of the version that serves a project's traffic; where there is no such version, of
 * its agent. It is never the candidate's own, even if that was read from the file which this very run wrote. Null where there is none.
 */
export async function productionRun(
  store: PrismaClient,
  project: string,
  policy: OfflinePolicy,
  candidate: FoundRun | null,
): Promise<FoundRun | null> {
  const stable = (await readRouting(store, project))?.stable;
  const target = stable === undefined ? "agent" : `agent@${stable}`;
  const isMeant = ({ id, dataset, endedAt, ...run }: EvalRun): boolean =>
    run.target === target && endedAt !== null && isOfDataset(policy.dataset, dataset) && id !== candidate?.id;
  const [latest, before] = (await listEvalRuns(store, project, RUNS_MAX)).filter(isMeant);
  if (latest === undefined) return null;
  const found = await foundRun(store, latest, policy);
  if (candidate?.agent !== target || candidate.digest !== found.digest) return found;
  return before === undefined ? null : foundRun(store, before, policy);
}
