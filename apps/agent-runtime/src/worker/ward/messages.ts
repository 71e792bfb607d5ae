import { z } from "zod";
import { OUTCOMES } from "../run.ts";

/** A message to the ward's process: run a suspect, or be ready to go before it has ended. */
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
 * A message from the ward's process: it lives, could not open yet what it runs suspects with,
 * is ready to run them; a suspect's run came to this, or could not be written down.
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
