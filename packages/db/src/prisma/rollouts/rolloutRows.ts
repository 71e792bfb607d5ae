import { LiveVerdict, LookFailure, policyHash, Rollout, RolloutBlock, RolloutEntry, RolloutLook } from "@signalbox/model";
import type { Prisma } from "../generated/client.ts";

/** A rollout from its row. */
export function toRollout(row: Prisma.RolloutRowGetPayload<object>): Rollout {
  const { looks: _, verdict: __, evidenceHash: ___, lookFailure: ____, stepStartedAt, startedAt, endedAt, pausedAt, ...rest } = row;
  const times = {
    stepStartedAt: stepStartedAt.toISOString(),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    pausedAt: pausedAt?.toISOString() ?? null,
  };
  return Rollout.parse({ ...rest, ...times });
}

/** The verdict of the last look at a rollout; null before the first. */
export const toVerdict = ({ verdict }: Prisma.RolloutRowGetPayload<object>): LiveVerdict | null =>
  verdict === null ? null : LiveVerdict.parse(verdict);

/** The current series of failed looks; null where there is none. */
export const toLookFailure = ({ lookFailure }: Prisma.RolloutRowGetPayload<object>): LookFailure | null =>
  lookFailure === null ? null : LookFailure.parse(lookFailure);

/** The fault of a rollout row's policy: it is not the one that was frozen. Null where it is. */
export function policyFault({ id, policy, policyHash: frozen }: Prisma.RolloutRowGetPayload<object>): string | null {
  return policyHash(policy) === frozen ? null : `The policy of rollout ${id} is not the one that it began with.`;
}

/** The columns of a rollout that change. */
export function changesOf({ phase, step, stepStartedAt, endedAt, reason, pausedBy, pausedFor, pausedAt, approvedStep }: Rollout) {
  return { phase, step, stepStartedAt, endedAt, reason, pausedBy, pausedFor, pausedAt, approvedStep };
}

export function toEntry({ rolloutId, at, writtenAt: _, evidenceHash, ...row }: Prisma.RolloutEntryRowGetPayload<object>): RolloutEntry {
  return RolloutEntry.parse({ ...row, rollout: rolloutId, at: at.toISOString(), ...(evidenceHash === null ? {} : { evidenceHash }) });
}

export function toLook({ rolloutId, at, reckoning, ...row }: Prisma.RolloutLookRowGetPayload<object>): RolloutLook {
  return RolloutLook.parse({ ...row, rollout: rolloutId, at: at.toISOString(), ...(reckoning === null ? {} : { reckoning }) });
}

export function toBlock({ rolloutId, ...row }: Prisma.RolloutBlockRowGetPayload<object>): RolloutBlock {
  return RolloutBlock.parse({ ...row, rollout: rolloutId });
}
