import { isToldByTelemetry, type RolloutWindow } from "@signalbox/db/gateEvidence";
import { endLookFailure, keepRouting, type PrismaClient, type RolloutRecord, readRolloutRecord, recordLook } from "@signalbox/db/prisma";
import { LOOK_BEHIND_MS, latestVerdict, nextMove, unitBlocks } from "@signalbox/evals";
import {
  AppError,
  canaryOf,
  type Exposure,
  type GatePolicy,
  isUnderWay,
  isVerdictOfNow,
  type LiveVerdict,
  type Rollout,
  type UnitEvent,
} from "@signalbox/model";

/**
 * What looks are taken with. `now` is what the state store's clock says, `readUnits` what both stores know
 * of the units of a time. All telemetry that was received before `readableUntilMs` (milliseconds since 1970,
 * by the collector's clock) is in its store; null while nobody knows, left out where there is no collector.
 */
export type LookParts = {
  prisma: PrismaClient;
  now: () => Promise<Date>;
  readUnits: (window: RolloutWindow, policy: GatePolicy) => Promise<{ exposures: Exposure[]; events: UnitEvent[] }>;
  readableUntilMs?: () => Promise<number | null>;
};

/**
 * What came of a look: the rollout as it is then, the verdict, and the candidate's units and all of them
 * at the step that was looked at. `isOvertaken`: somebody looked or acted meanwhile; nothing was written.
 */
export type Looked = {
  rollout: Rollout;
  verdict: LiveVerdict;
  units: { candidate: number; all: number };
  isOvertaken: boolean;
};

/** The moment that a look is about: the store's time, and never before what has been decided on. */
export function momentOf({ rollout, last, lastLook }: RolloutRecord, now: Date): number {
  return Math.max(now.getTime(), Date.parse(last.at), Date.parse(lastLook?.at ?? rollout.startedAt));
}

/**
 * Until when what is known of units is there to be read. Where telemetry tells some of it, a block that
 * closed before that is stored would count as failed what only waits for its store; while nobody knows
 * how far it is, a look would see nothing, and breakers with it. Throws `upstream_unavailable` then.
 */
async function toldUntilMs(rollout: Rollout, readableUntilMs: LookParts["readableUntilMs"]): Promise<number> {
  if (!isToldByTelemetry(canaryOf(rollout)) || readableUntilMs === undefined) return Number.POSITIVE_INFINITY;
  const untilMs = await readableUntilMs();
  if (untilMs === null)
    throw new AppError("upstream_unavailable", "The collector does not answer: nobody knows until when telemetry is in its store.", {
      hint: "It restarts by itself; `./signalbox status` says how it is.",
    });
  return untilMs;
}

/**
 * Looks at a rollout once: reads its units, stores blocks that have closed since the last look, and
 * does what the verdict over all stored blocks says. All of it is one transaction, so that a kill
 * at any moment leaves either nothing of a look or all of it. Null for a rollout that is over.
 */
export async function lookAtRollout({ prisma, now, readUnits, readableUntilMs }: LookParts, id: string): Promise<Looked | null> {
  const record = await readRolloutRecord(prisma, id);
  const { rollout, blocks: known, weights, lastVerdict } = record;
  if (!isUnderWay(rollout)) return null;
  if (record.policyFault !== null)
    throw new AppError("infrastructure", record.policyFault, {
      hint: "Somebody changed it in the state store; abort the rollout and start another.",
    });
  const asked = await now();
  await keepRouting(prisma, rollout, asked);
  const atMs = momentOf(record, asked);
  // A clock that went back has not seen yet what the log's last moment is about.
  const untilMs = Math.min(asked.getTime(), atMs) - LOOK_BEHIND_MS;
  const { project, stable, candidate, policy } = rollout;
  const toldMs = Math.min(untilMs, await toldUntilMs(rollout, readableUntilMs));
  const window = { project, stable, candidate, since: new Date(rollout.startedAt), until: new Date(toldMs), weights };
  const { exposures, events } = await readUnits(window, policy);
  const { blocks, ...uncounted } = unitBlocks(exposures, events, canaryOf(rollout), toldMs);
  // What is stored stays, whatever came late: a block that was bet on is not changed.
  const fresh = blocks.slice(known.length);
  const verdict = latestVerdict(rollout, [...known.map(({ block }) => block), ...fresh], atMs);
  const move = nextMove(rollout, verdict, lastVerdict);
  const atStep = exposures.filter(({ step }) => step === rollout.step);
  const units = { candidate: atStep.filter(({ arm }) => arm === "candidate").length, all: atStep.length };
  const isNew = fresh.length > 0 || move !== null || !isVerdictOfNow(record);
  const found = { at: new Date(atMs).toISOString(), ...uncounted, blocks: fresh, verdict, move };
  const after = isNew ? await recordLook(prisma, record, found, await now()) : rollout;
  // Only now has the look not failed.
  if (record.failure !== null) await endLookFailure(prisma, id, record.failure);
  return { rollout: after ?? rollout, verdict, units, isOvertaken: after === null };
}
