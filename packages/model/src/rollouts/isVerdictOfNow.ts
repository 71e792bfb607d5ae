import type { LiveVerdict } from "./liveVerdict.ts";
import type { Rollout } from "./rollout.ts";
import type { RolloutLook } from "./rolloutLook.ts";

/**
 * Whether a rollout's stored verdict is current: it comes from the last look, and its step
 * has neither advanced nor restarted since. An outdated verdict's figures are still true.
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
