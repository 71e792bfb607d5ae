import { type DeliveryEvent, listDeliveryEvents, type PrismaClient, readRolloutStanding } from "@signalbox/db/prisma";
import { type Drift, type LiveVerdict, type LookFailure, type Rollout, type RolloutLook, waitsForText } from "@signalbox/model";
import { rolloutDrift } from "./rolloutDrift.ts";

/** A delivery tool tells of a rollout's end somewhat later, in milliseconds. */
const TOLD_AFTER_MS = 15 * 60_000;

/** So much of what delivery tools told is shown: the newest. */
const EVENTS_MAX = 20;

/**
 * A rollout as people look at it: `verdict` is that of its last look (null before the first), `drift` what its candidate has of the traffic beside what it should have (null once it is over), `entries` how
 * long its log is. `waitsFor` says what a paused one waits for, and what lets it go on; `failure` that looks at it fail, and why; `policyFault` that its policy is not the one that was frozen, and the gate
 * looks no more. Each is null where that is not so. `events` is what delivery tools told of its gate while it went on, the newest first.
 */
export type RolloutView = {
  rollout: Rollout;
  verdict: LiveVerdict | null;
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
  const { rollout, policyFault, failure, lastLook, verdict, last } = await readRolloutStanding(prisma, id);
  const { project, gate, startedAt, endedAt } = rollout;
  const isOver = endedAt !== null;
  const to = isOver ? new Date(Date.parse(endedAt) + TOLD_AFTER_MS).toISOString() : null;
  const [drift, events] = await Promise.all([
    isOver ? null : rolloutDrift(prisma, rollout),
    listDeliveryEvents(prisma, { project, gate, from: startedAt, to, rowsMax: EVENTS_MAX }),
  ]);
  const entries = last.number + 1;
  return {
    rollout,
    verdict,
    lastLook,
    drift,
    entries,
    waitsFor: waitsForText(rollout),
    failure: isOver ? null : failure,
    policyFault,
    events,
  };
}
