import { z } from "zod";
import { DeadLetterCause, DeadLetterKind } from "./deadLetter.ts";

/**
 * The state of a dead letter: waiting for a person, claimed by a redrive that has
 * not reached it yet, redriven (its task is queued again), or discarded for good.
 */
export const DeadLetterState = z.enum(["open", "claimed", "redriven", "discarded"]);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

/**
 * A filter for dead letters; all given conditions must hold. `service`, `tool` and `errorClass` are where and how the last attempt failed;
 * `text` is searched in the message, ignoring case; the last failure is at or after `failedSince` (ISO 8601) and before `failedBefore`.
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
