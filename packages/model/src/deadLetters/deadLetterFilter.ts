import { z } from "zod";
import { DeadLetterCause, DeadLetterKind } from "./deadLetter.ts";

/**
 * What became of a dead letter: it waits for somebody, waits for its turn in
 * a redrive, its task was put in line again, or somebody gave it up for good.
 */
export const DeadLetterState = z.enum(["open", "claimed", "redriven", "discarded"]);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

/**
 * Which dead letters are meant: those to which all that is named applies. `service`, `tool` and
 * `errorClass` are where and how the last attempt failed, `text` is looked for in the message, in
 * either case; a letter failed last at `failedSince` (ISO 8601) or later, and before `failedBefore`.
 */
export const DeadLetterFilter = z.strictObject({
  state: DeadLetterState.optional(),
  fingerprint: z.string().min(1).max(200).optional(),
  kind: DeadLetterKind.optional(),
  cause: DeadLetterCause.optional(),
  version: z.string().min(1).max(200).optional(),
  service: z.string().min(1).max(200).optional(),
  tool: z.string().min(1).max(200).optional(),
  errorClass: z.string().min(1).max(200).optional(),
  text: z.string().min(1).max(200).optional(),
  failedSince: z.iso.datetime().optional(),
  failedBefore: z.iso.datetime().optional(),
});
export type DeadLetterFilter = z.infer<typeof DeadLetterFilter>;
