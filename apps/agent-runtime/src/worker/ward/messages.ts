import { z } from "zod";
import { OUTCOMES } from "../run.ts";

/** A message to the ward's process: run a suspect, or prepare to leave before the suspect has ended. */
export const ToWard = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("run"), taskId: z.string() }),
  z.strictObject({ kind: z.literal("leave") }),
]);
export type ToWard = z.infer<typeof ToWard>;

const Handled = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("finished") }),
  z.strictObject({ kind: z.literal("again"), delayMs: z.number() }),
]);

/**
 * A message from the ward's process. `alive`: it lives. `unable`: it could not open the means of running suspects yet. `ready`: it can run
 * them. The others give the outcome of a suspect's run, or say that it could not be written.
 */
export const FromWard = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("alive") }),
  z.strictObject({ kind: z.literal("unable"), message: z.string() }),
  z.strictObject({ kind: z.literal("ready") }),
  z.strictObject({
    kind: z.literal("ran"),
    run: z.strictObject({
      handled: Handled,
      outcome: z.enum(OUTCOMES),
      project: z.string().optional(),
    }),
  }),
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
]);
export type FromWard = z.infer<typeof FromWard>;
