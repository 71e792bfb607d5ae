import { AppError, type ErrorReport, FAILURES, fingerprintOfFailure, reportOf } from "@signalbox/model";
import type { Place } from "./place.ts";

/** Why and where an attempt failed, and whether another one can help: what has no name may pass. */
export type Failure = ErrorReport & Place & { isRetryable: boolean };

/** What a thrown value says of an attempt that failed at `place`. */
export function failureOf(error: unknown, place: Place): Failure {
  return { ...reportOf(error), ...place, isRetryable: !(error instanceof AppError) || FAILURES[error.code].retry };
}

/** What failures of one kind have in common. */
export function fingerprintOf({ class: errorClass, ...failure }: Failure): string {
  return fingerprintOfFailure({ errorClass, ...failure });
}
