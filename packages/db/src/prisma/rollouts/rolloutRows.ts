import { AppError, policyHash, Rollout, RolloutBlock, RolloutEntry, RolloutLook } from "@signalbox/model";
import type { Prisma } from "../generated/client.ts";

/** A rollout's row as a rollout. Throws `infrastructure` where its policy is not the one that it was frozen with. */
export function toRollout(row: Prisma.RolloutRowGetPayload<object>): Rollout {
  const { looks: _, stepStartedAt, startedAt, endedAt, pausedAt, ...rest } = row;
  const times = {
    stepStartedAt: stepStartedAt.toISOString(),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    pausedAt: pausedAt?.toISOString() ?? null,
  };
  const rollout = Rollout.parse({ ...rest, ...times });
  if (policyHash(rollout.policy) !== rollout.policyHash)
    throw new AppError("infrastructure", `The policy of rollout ${rollout.id} is not the one that it began with.`, {
      hint: "Somebody changed it in the state store; abort the rollout and start another.",
    });
  return rollout;
}

/** What of a rollout changes. */
export function changesOf({ phase, step, stepStartedAt, endedAt, reason, pausedBy, pausedAt, approvedStep }: Rollout) {
  return { phase, step, stepStartedAt, endedAt, reason, pausedBy, pausedAt, approvedStep };
}

export function toEntry({ rolloutId, at, writtenAt: _, ...row }: Prisma.RolloutEntryRowGetPayload<object>): RolloutEntry {
  return RolloutEntry.parse({ ...row, rollout: rolloutId, at: at.toISOString() });
}

export function toLook({ rolloutId, at, ...row }: Prisma.RolloutLookRowGetPayload<object>): RolloutLook {
  return RolloutLook.parse({ ...row, rollout: rolloutId, at: at.toISOString() });
}

export function toBlock({ rolloutId, ...row }: Prisma.RolloutBlockRowGetPayload<object>): RolloutBlock {
  return RolloutBlock.parse({ ...row, rollout: rolloutId });
}
