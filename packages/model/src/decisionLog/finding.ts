import { z } from "zod";

/**
 * What is wrong with the decision log. In a chain: `altered` (content is not what was sealed), `reordered` (it stood elsewhere),
 * `inserted`, `missing` (between others), `cut` (the end is gone), `removed` (the whole task), `rewritten` (sealed anew: it is
 * not what was signed). In the log of chains: `checkpoint` (altered, missing or not signed by the key), `entries` (what a
 * checkpoint signed is not what is there), `erasure` (its record was changed, or is gone), `heads` (not what was exported).
 */
export const FindingKind = z.enum([
  ...(["altered", "reordered", "inserted", "missing", "cut", "removed", "rewritten"] as const),
  ...(["checkpoint", "entries", "erasure", "heads"] as const),
]);
export type FindingKind = z.infer<typeof FindingKind>;

/** Something wrong, and where: the task and the place in its chain, the checkpoint, or both. */
export type Finding = { kind: FindingKind; taskId: string | null; seq: number | null; checkpoint: number | null; message: string };
