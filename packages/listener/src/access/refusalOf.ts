import { AppError, type FailureCode } from "@signalbox/model";
import type { NoAccess } from "./authenticate.ts";

const CODES: Record<NoAccess["kind"], FailureCode> = {
  unauthenticated: "unauthenticated",
  ended: "unauthenticated",
  forbidden: "forbidden",
  rate_limited: "overloaded",
  unavailable: "upstream_unavailable",
};

/** How soon keys are likely to be readable again, in milliseconds. */
const KEYS_BACK_AFTER_MS = 2_000;

/** What a request that may not is answered, as an error of ours. */
export function refusalOf(access: NoAccess): AppError {
  const retryAfterMs = access.kind === "rate_limited" ? access.retryAfterMs : KEYS_BACK_AFTER_MS;
  const message = `${access.message.charAt(0).toUpperCase()}${access.message.slice(1)}.`;
  return new AppError(CODES[access.kind], message, access.kind === "rate_limited" || access.kind === "unavailable" ? { retryAfterMs } : {});
}
