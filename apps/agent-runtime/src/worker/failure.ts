import { createHash } from "node:crypto";
import type { AttemptError } from "@signalbox/db/prisma";
import { AppError, FAILURES } from "@signalbox/model";

/** Why an attempt failed, and whether another one can help: what has no name may pass. */
export type Failure = AttemptError & { isRetryable: boolean };

/** What a thrown value says of a failed attempt. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return { class: error.code, message: error.message, isRetryable: FAILURES[error.code].retry };
  if (error instanceof Error) return { class: error.name, message: error.message, isRetryable: true };
  return { class: "unknown", message: String(error), isRetryable: true };
}

/** What varies between failures of one kind: quoted values, ids, hexadecimal digits and numbers. */
const VARYING = /"[^"]*"|'[^']*'|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?:0x)?[0-9a-f]{8,}\b|\d+/gi;

/** 16 hex digits that are the same for failures of one kind: their class, and their message without what varies. */
export function fingerprintOf({ class: errorClass, message }: AttemptError): string {
  return createHash("sha256")
    .update(`${errorClass}\n${message.replaceAll(VARYING, "#")}`)
    .digest("hex")
    .slice(0, 16);
}
