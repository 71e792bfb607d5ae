import { AppError, type FailureCode } from "@signalbox/model";
import type { NoAccess } from "./authenticate.ts";

const CODES: Record<NoAccess["kind"], FailureCode> = {
  unauthenticated: "unauthenticated",
  ended: "unauthenticated",
  forbidden: "forbidden",
  rate_limited: "overloaded",
  unavailable: "upstream_unavailable",
};

/** The suggested delay before a retry while keys cannot be read, in milliseconds. */
const KEYS_BACK_AFTER_MS = 2_000;

/** The error that answers a refused request. */
export function refusalOf(access: NoAccess): AppError {
  const retryAfterMs = access.kind === "rate_limited" ? access.retryAfterMs : KEYS_BACK_AFTER_MS;
  const message = `${access.message.charAt(0).toUpperCase()}${access.message.slice(1)}.`;
  return new AppError(CODES[access.kind], message, access.kind === "rate_limited" || access.kind === "unavailable" ? { retryAfterMs } : {});
}
