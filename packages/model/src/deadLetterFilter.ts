import { z } from "zod";
import { DeadLetterCause } from "./deadLetter.ts";

/** What became of a dead letter: it waits for somebody, its task was put in line again, or somebody gave it up for good. */
export const DeadLetterState = z.enum(["open", "redriven", "discarded"]);
export type DeadLetterState = z.infer<typeof DeadLetterState>;

/** Which dead letters are meant: those to which all that is named applies. `text` is looked for in the message, in either case. */
export const DeadLetterFilter = z.strictObject({
  state: DeadLetterState.optional(),
  fingerprint: z.string().min(1).max(200).optional(),
  cause: DeadLetterCause.optional(),
  version: z.string().min(1).max(200).optional(),
  text: z.string().min(1).max(200).optional(),
});
export type DeadLetterFilter = z.infer<typeof DeadLetterFilter>;
