import { type PrismaClient, readIntakeRules, streamDatasetItems } from "@signalbox/db/prisma";
import { askByEnvironment, embedByEnvironment, type ReadyScorer, type RunItem, readScorers, requireNeeds } from "@signalbox/evals";
import type { EvalRun, EvalRunPlan } from "@signalbox/model";
import type { EvalPlace } from "./evalPlace.ts";
import { plannedVersion } from "./plannedVersion.ts";
import { type ChosenTarget, openTarget } from "./targets.ts";
import { lostTracesText } from "./tryTraces.ts";

/** The opened parts of a run. `items` reads them anew each time; `warnings` are sentences for the user. */
export interface OpenRun extends ChosenTarget {
  readonly scorers: readonly ReadyScorer[];
  readonly warnings: readonly string[];
  items(): AsyncIterable<RunItem>;
}

/**
 * Opens a run's target and scorers before anything is written: throws for obstacles
 * such as an unavailable target, or an item that lacks what a scorer needs.
 */
export async function openRun(
  prisma: PrismaClient,
  plan: EvalRunPlan | EvalRun,
  place: EvalPlace,
  env: NodeJS.ProcessEnv,
): Promise<OpenRun> {
  const scorers = readScorers(plan.scorers, askByEnvironment(env), embedByEnvironment(env));
  const { dataset, version } = await plannedVersion(prisma, plan);
  const { split } = plan;
  const items = () => streamDatasetItems(prisma, dataset.id, version.number, split === undefined ? {} : { split });
  if (scorers.some(({ needs }) => needs !== null)) for await (const item of items()) requireNeeds(item, scorers);
  const lost = lostTracesText(plan.project, (await readIntakeRules(prisma, plan.project)).sampling);
  const chosen = await openTarget(plan, place, { env, wasLetIn: "id" in plan });
  return { ...chosen, scorers, items, warnings: lost === undefined ? [] : [lost] };
}
