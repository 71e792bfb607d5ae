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

/** The time after a rollout's end within which delivery tools report it, in milliseconds. */
const TOLD_AFTER_MS = 15 * 60_000;

/** The most events of delivery tools in a view, newest first. */
const EVENTS_MAX = 20;

/**
 * A rollout as people look at it: `verdict` is that of its last look (null before the first), and outdated where `isOfNow` is false
 * because the step began since. `drift` is its candidate's share of the traffic against its target (null once it is over), `entries`
 * the length of its log. `waitsFor` says what a paused rollout waits for, and what resumes it; `failure` that its looks fail, and why;
 * `policyFault` that its policy is not the frozen one, so that the gate no longer looks. Each is null where it does not apply. `events`
 * are those received from delivery tools of its gate while it ran and shortly after, until the gate's next rollout began, newest first.
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

/** Reads the view of a rollout. Throws `not_found`. */
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
 * The time until which delivery tools' events about a gate belong to a
 * finished rollout (ISO 8601, UTC): later ones belong to the next rollout.
 */
async function toldUntil(prisma: PrismaClient, rollout: Rollout, endedAt: string): Promise<string> {
  const next = await nextRolloutStart(prisma, rollout);
  const until = Date.parse(endedAt) + TOLD_AFTER_MS;
  return new Date(next === null ? until : Math.min(until, Date.parse(next))).toISOString();
}
