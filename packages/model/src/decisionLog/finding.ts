import { z } from "zod";

/**
 * A fault of the decision log. In a chain: `altered` (content differs from what was sealed), `reordered` (moved), `inserted`,
 * `missing` (from the middle), `cut` (the end is gone), `removed` (the whole task), `rewritten` (sealed anew, so it differs
 * from what was signed). In the log of chains: `checkpoint` (altered, missing or not signed by the key), `entries` (differ
 * from what a checkpoint signed), `erasure` (its record was changed or is gone), `heads` (differ from what was exported).
 */
export const FindingKind = z.enum([
  ...(["altered", "reordered", "inserted", "missing", "cut", "removed", "rewritten"] as const),
  ...(["checkpoint", "entries", "erasure", "heads"] as const),
]);
export type FindingKind = z.infer<typeof FindingKind>;

/** A fault and its location: the task and the place in its chain, the checkpoint, or both. */
export type Finding = { kind: FindingKind; taskId: string | null; seq: number | null; checkpoint: number | null; message: string };
