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
 * Dependencies of a look. `now` reads the state store's clock; `readUnits` reads the units of a window from both stores. All telemetry
 * received before `readableUntilMs` (milliseconds since 1970, by the collector's clock) is in its store; null while that is unknown, absent
 * without a collector.
 */
export type LookParts = {
  prisma: PrismaClient;
  now: () => Promise<Date>;
  readUnits: (window: RolloutWindow, policy: GatePolicy) => Promise<{ exposures: Exposure[]; events: UnitEvent[] }>;
  readableUntilMs?: () => Promise<number | null>;
};

/**
 * The result of a look: the rollout afterwards, the verdict, and the number of the candidate's units and of all units at that step.
 * `isOvertaken`: another look or act came first, and nothing was written.
 */
export type Looked = {
  rollout: Rollout;
  verdict: LiveVerdict;
  units: { candidate: number; all: number };
  isOvertaken: boolean;
};

/** The time that a look is about: the store's time, but never before that of an earlier decision. */
export function momentOf({ rollout, last, lastLook }: RolloutRecord, now: Date): number {
  return Math.max(now.getTime(), Date.parse(last.at), Date.parse(lastLook?.at ?? rollout.startedAt));
}

/**
 * The time until which data on units is complete. If telemetry provides some of it, closing a block before its telemetry is stored would
 * count units as failed whose data is merely late. While the store's progress is unknown, a look would see nothing, and breakers neither:
 * throws `upstream_unavailable` then.
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
 * Looks at a rollout once: reads its units, stores the blocks closed since the last look, and carries out the verdict over all stored
 * blocks. It is a single transaction, so that a kill at any moment leaves all of a look or nothing. Null for a rollout that is over.
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
  // A clock that went back has not reached the time of the log's last entry yet.
  const untilMs = Math.min(asked.getTime(), atMs) - LOOK_BEHIND_MS;
  const { project, stable, candidate, policy } = rollout;
  const toldMs = Math.min(untilMs, await toldUntilMs(rollout, readableUntilMs));
  const window = { project, stable, candidate, since: new Date(rollout.startedAt), until: new Date(toldMs), weights };
  const { exposures, events } = await readUnits(window, policy);
  const { blocks, ...uncounted } = unitBlocks(exposures, events, canaryOf(rollout), toldMs);
  // Stored blocks stay as they are, whatever arrives late: a block that was bet on never changes.
  const fresh = blocks.slice(known.length);
  const verdict = latestVerdict(rollout, [...known.map(({ block }) => block), ...fresh], atMs);
  const move = nextMove(rollout, verdict, lastVerdict);
  const atStep = exposures.filter(({ step }) => step === rollout.step);
  const units = { candidate: atStep.filter(({ arm }) => arm === "candidate").length, all: atStep.length };
  const isNew = fresh.length > 0 || move !== null || !isVerdictOfNow(record);
  const found = { at: new Date(atMs).toISOString(), ...uncounted, blocks: fresh, verdict, move };
  const after = isNew ? await recordLook(prisma, record, found, await now()) : rollout;
  // Only now is it certain that the look did not fail.
  if (record.failure !== null) await endLookFailure(prisma, id, record.failure);
  return { rollout: after ?? rollout, verdict, units, isOvertaken: after === null };
}
