import { AppError, type JudgeUse } from "@signalbox/model";

/** Judges could not finish, because of `cause`; `used` is their usage so far, which has to be paid all the same. */
class Unfinished extends AppError {
  readonly used: readonly JudgeUse[];

  constructor(cause: AppError, used: readonly JudgeUse[]) {
    const { code, message, hint, retryAfterMs, report } = cause;
    super(code, message, {
      cause,
      ...(hint === undefined ? {} : { hint }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(report === undefined ? {} : { report }),
    });
    this.used = used;
  }
}

/** The usage of judges before an error ended their work. */
export const usedBefore = (error: unknown): readonly JudgeUse[] => (error instanceof Unfinished ? error.used : []);

/** The error that ended the work of judges, with their usage added; an error that is no `AppError` stays as it is. */
export function unfinished(error: unknown, used: readonly JudgeUse[]): unknown {
  if (used.length === 0 || !(error instanceof AppError)) return error;
  return error instanceof Unfinished ? new Unfinished(error, [...used, ...error.used]) : new Unfinished(error, used);
}
