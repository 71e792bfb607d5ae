import { listJudgeCalibrations } from "@signalbox/db/annotations";
import { listScoreRules, type PrismaClient } from "@signalbox/db/prisma";
import { type ResolvedPolicy, resolveJudges } from "@signalbox/evals";
import type { GatePolicy } from "@signalbox/model";

/** More rules than a project has. */
const RULES_MAX = 1_000;

/**
 * A policy as a rollout of a project begins with it now: where a judge falls short of what is asked of it
 * its metric is a signal, and `held` says so. Throws `invalid_input` where no guardrail is left.
 */
export async function resolvePolicy(store: PrismaClient, project: string, policy: GatePolicy): Promise<ResolvedPolicy> {
  const [rules, records] = await Promise.all([listScoreRules(store, project, RULES_MAX), listJudgeCalibrations(store, project)]);
  return resolveJudges(
    policy,
    rules.filter(({ enabled }) => enabled),
    records,
  );
}
