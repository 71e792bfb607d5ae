import { z } from "zod";
import { Rollout } from "./rollout.ts";
import { RolloutEntry } from "./rolloutEntry.ts";
import { RolloutBlock, RolloutLook } from "./rolloutLook.ts";

/** All that is on record of a rollout: its sealed log, when it was looked at, and the blocks that were seen by then, each in order. */
export const RolloutEvidence = z.strictObject({
  rollout: Rollout,
  entries: z.array(RolloutEntry),
  looks: z.array(RolloutLook),
  blocks: z.array(RolloutBlock),
});
export type RolloutEvidence = z.infer<typeof RolloutEvidence>;
