import { listExposures, type PrismaClient, readRouting } from "@signalbox/db/prisma";
import { type Drift, driftOf, type Rollout, weightOf } from "@signalbox/model";

/** The duration of "lately", in milliseconds; shorter where the step is younger. */
const LATELY_MS = 15 * 60_000;

/** The candidate's recent share of the traffic against its target. */
export async function rolloutDrift(prisma: PrismaClient, rollout: Rollout, nowMs = Date.now()): Promise<Drift> {
  const since = new Date(Math.max(Date.parse(rollout.stepStartedAt), nowMs - LATELY_MS));
  const [exposures, routing] = await Promise.all([listExposures(prisma, rollout.project, since), readRouting(prisma, rollout.project)]);
  const unitsOf = (version: string, variant: string): number =>
    exposures.find((one) => one.version === version && one.variant === variant)?.units ?? 0;
  return driftOf({
    wanted: weightOf(rollout),
    routed: routing?.candidate === rollout.candidate ? routing.weight : 0,
    candidate: unitsOf(rollout.candidate, "candidate"),
    stable: unitsOf(rollout.stable, "stable"),
  });
}
