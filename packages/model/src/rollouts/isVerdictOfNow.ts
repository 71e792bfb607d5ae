import type { LiveVerdict } from "./liveVerdict.ts";
import type { Rollout } from "./rollout.ts";
import type { RolloutLook } from "./rolloutLook.ts";

/**
 * Whether the verdict that is kept of a rollout is of what is so now: it is its last look's,
 * and its step has neither gone on nor begun anew since. Its figures stay true where it is not.
 */
export function isVerdictOfNow({
  rollout,
  verdict,
  lastLook,
}: {
  rollout: Pick<Rollout, "step" | "stepStartedAt">;
  verdict: Pick<LiveVerdict, "step" | "blocks"> | null;
  lastLook: Pick<RolloutLook, "at" | "blocks"> | null;
}): boolean {
  if (verdict === null || lastLook === null) return false;
  const isOfLook = verdict.blocks === lastLook.blocks;
  return isOfLook && verdict.step === rollout.step && Date.parse(lastLook.at) >= Date.parse(rollout.stepStartedAt);
}
