import { z } from "zod";
import { LiveVerdict } from "./liveVerdict.ts";
import { Rollout } from "./rollout.ts";
import { RolloutEntry } from "./rolloutEntry.ts";
import { RolloutBlock, RolloutLook } from "./rolloutLook.ts";

/**
 * The whole record of a rollout: its sealed log, its looks, and the blocks that they found, each in order. `evidenceHash`
 * is the hash over looks and blocks, and `lastVerdict` the result of the last look, as stored beside them (absent where
 * they were not). `frozenPolicy` is the policy as frozen and hashed, given where reading it now would add later defaults.
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
