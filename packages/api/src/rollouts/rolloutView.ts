import { type DeliveryEvent, listDeliveryEvents, nextRolloutStart, type PrismaClient, readRolloutStanding } from "@signalbox/db/prisma";
import {
  type Drift,
  isVerdictOfNow,
  type LiveVerdict,
  type LookFailure,
  type Rollout,
  type RolloutLook,
  waitsForText,
} from "@signalbox/model";
import { rolloutDrift } from "./rolloutDrift.ts";

/** A delivery tool tells of a rollout's end somewhat later, in milliseconds. */
const TOLD_AFTER_MS = 15 * 60_000;

/** So much of what delivery tools told is shown: the newest. */
const EVENTS_MAX = 20;

/**
 * A rollout as people look at it: `verdict` is that of its last look (null before the first), which is not of what is so
 * now where `isOfNow` is false: the step began since. `drift` is what its candidate has of the traffic beside what it
 * should have (null once it is over), `entries` how long its log is. `waitsFor` says what a paused one waits for, and
 * what lets it go on; `failure` that looks at it fail, and why; `policyFault` that its policy is not the one that was
 * frozen, and the gate looks no more. Each is null where that is not so. `events` is what was received from delivery
 * tools of its gate while it went on and somewhat later, until the gate's next rollout began, the newest first.
 */
export type RolloutView = {
  rollout: Rollout;
  verdict: LiveVerdict | null;
  isOfNow: boolean;
  lastLook: RolloutLook | null;
  drift: Drift | null;
  entries: number;
  waitsFor: string | null;
  failure: LookFailure | null;
  policyFault: string | null;
  events: DeliveryEvent[];
};

/** Reads a rollout as people look at it. Throws `not_found`. */
export async function readRolloutView(prisma: PrismaClient, id: string): Promise<RolloutView> {
  const standing = await readRolloutStanding(prisma, id);
  const { rollout, policyFault, failure, lastLook, verdict, last } = standing;
  const { project, gate, startedAt, endedAt } = rollout;
  const isOver = endedAt !== null;
  const to = isOver ? await toldUntil(prisma, rollout, endedAt) : null;
  const [drift, events] = await Promise.all([
    isOver ? null : rolloutDrift(prisma, rollout),
    listDeliveryEvents(prisma, { project, gate, from: startedAt, to, rowsMax: EVENTS_MAX }),
  ]);
  const entries = last.number + 1;
  return {
    rollout,
    verdict,
    isOfNow: isVerdictOfNow(standing),
    lastLook,
    drift,
    entries,
    waitsFor: waitsForText(rollout),
    failure: isOver ? null : failure,
    policyFault,
    events,
  };
}

/**
 * Until when what delivery tools tell of a gate is about a rollout that is
 * over (ISO 8601, UTC): what comes once another has begun is the other's.
 */
async function toldUntil(prisma: PrismaClient, rollout: Rollout, endedAt: string): Promise<string> {
  const next = await nextRolloutStart(prisma, rollout);
  const until = Date.parse(endedAt) + TOLD_AFTER_MS;
  return new Date(next === null ? until : Math.min(until, Date.parse(next))).toISOString();
}
