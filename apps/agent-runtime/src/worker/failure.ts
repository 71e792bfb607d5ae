import { AppError, type ErrorReport, FAILURES, fingerprintOfFailure, reportOf } from "@signalbox/model";
import type { Place } from "./place.ts";

/** Why and where an attempt failed, and whether another one can help. An error without one of our codes may pass. */
export type Failure = ErrorReport & Place & { isRetryable: boolean };

/** Describes a thrown value as the failure of an attempt at `place`. */
export function failureOf(error: unknown, place: Place): Failure {
  return { ...reportOf(error), ...place, isRetryable: !(error instanceof AppError) || FAILURES[error.code].retry };
}

/** The fingerprint that failures of one kind share. */
export function fingerprintOf({ class: errorClass, ...failure }: Failure): string {
  return fingerprintOfFailure({ errorClass, ...failure });
}
