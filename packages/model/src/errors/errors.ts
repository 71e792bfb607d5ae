import type { ErrorReport } from "./errorReport.ts";

/**
 * Every failure that the product can name: its HTTP status, whether a retry can help, and the exit code of a command that
 * ends with it (2 where the caller has to ask for something else; 4 where this machine, or a remote system, needs mending).
 */
export const FAILURES = {
  invalid_input: { http: 400, retry: false, exitCode: 2 },
  unauthenticated: { http: 401, retry: false, exitCode: 2 },
  forbidden: { http: 403, retry: false, exitCode: 2 },
  not_found: { http: 404, retry: false, exitCode: 2 },
  conflict: { http: 409, retry: false, exitCode: 2 },
  too_large: { http: 413, retry: false, exitCode: 2 },
  limit_reached: { http: 422, retry: false, exitCode: 2 },
  kills_worker: { http: 422, retry: false, exitCode: 4 },
  unserved: { http: 422, retry: false, exitCode: 4 },
  bad_answer: { http: 422, retry: false, exitCode: 4 },
  model_unavailable: { http: 424, retry: true, exitCode: 4 },
  overloaded: { http: 429, retry: true, exitCode: 4 },
  timed_out: { http: 504, retry: true, exitCode: 4 },
  upstream_unavailable: { http: 503, retry: true, exitCode: 4 },
  infrastructure: { http: 500, retry: true, exitCode: 4 },
} as const satisfies Record<string, { http: number; retry: boolean; exitCode: 2 | 4 }>;

/** A name out of `FAILURES`. */
export type FailureCode = keyof typeof FAILURES;

/**
 * The one error that is thrown on purpose. `hint` tells the reader what to do next; `retryAfterMs` (milliseconds from now)
 * is set when trying again can help. Nobody matches on `message`. `report` is set when another process reported the error.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: FailureCode;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly report: ErrorReport | undefined;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; hint?: string; retryAfterMs?: number; report?: ErrorReport } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.report = options.report;
  }
}

/** The JSON body of an error answer: `{ error: { code, message, hint } }`. An unknown error reveals nothing of our internals. */
export function errorBody(error: unknown): { error: { code: FailureCode; message: string; hint?: string } } {
  if (!(error instanceof AppError))
    return { error: { code: "infrastructure", message: "Something failed on our side; the server's log has the cause." } };
  return { error: { code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) } };
}
