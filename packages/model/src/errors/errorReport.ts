import { z } from "zod";

/** Limits of a report: longer messages, names, frames and chains of causes are cut. */
export const REPORT_LIMITS = { messageCharactersMax: 2_000, nameCharactersMax: 200, frameCharactersMax: 400, causesMax: 8 } as const;

/** An error without its circumstances: its class is an `AppError`'s code, or the name of another error. */
export const NamedError = z.strictObject({
  class: z.string().min(1).max(REPORT_LIMITS.nameCharactersMax),
  message: z.string().max(REPORT_LIMITS.messageCharactersMax),
});
export type NamedError = z.infer<typeof NamedError>;

/**
 * An error as reported by its process. `chain` lists its causes, nearest first. `frame` is the topmost stack line
 * in our own code, `function (file:line)` with the file's path within the repository; null when there is none.
 */
export const ErrorReport = NamedError.extend({
  chain: z.array(NamedError).max(REPORT_LIMITS.causesMax),
  frame: z.string().max(REPORT_LIMITS.frameCharactersMax).nullable(),
});
export type ErrorReport = z.infer<typeof ErrorReport>;
