import { z } from "zod";
import { LiveVerdict } from "./liveVerdict.ts";
import { Rollout } from "./rollout.ts";
import { RolloutEntry } from "./rolloutEntry.ts";
import { RolloutBlock, RolloutLook } from "./rolloutLook.ts";

/**
 * All that is on record of a rollout: its sealed log, when it was looked at, and the blocks that were seen
 * by then, each in order. `evidenceHash` is what the looks and blocks hash to, and `lastVerdict` what the
 * last look said, as the store kept them beside these (left out where it did not). `frozenPolicy` is the
 * policy as it was frozen and hashed, where this Signalbox reads more into it: defaults that came later.
 */
export const RolloutEvidence = z.strictObject({
  rollout: Rollout,
  entries: z.array(RolloutEntry),
  looks: z.array(RolloutLook),
  blocks: z.array(RolloutBlock),
  evidenceHash: z.string().length(64).optional(),
  lastVerdict: LiveVerdict.optional(),
  frozenPolicy: z.record(z.string(), z.unknown()).optional(),
});
export type RolloutEvidence = z.infer<typeof RolloutEvidence>;
