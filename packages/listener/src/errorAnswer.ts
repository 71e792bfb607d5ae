import { AppError, errorBody, FAILURES, type FailureCode } from "@signalbox/model";

/** Our failure codes for fastify's own refusals, by its error code. */
const FASTIFY_FAILURES: Readonly<Record<string, FailureCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "too_large",
  FST_ERR_CTP_EMPTY_JSON_BODY: "invalid_input",
  FST_ERR_CTP_INVALID_JSON_BODY: "invalid_input",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "invalid_input",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid_input",
  FST_ERR_VALIDATION: "invalid_input",
  FST_ERR_BAD_URL: "invalid_input",
  FST_ERR_MAX_PARAM_LENGTH: "invalid_input",
};

function asAppError(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "string" ? FASTIFY_FAILURES[error.code] : undefined;
  if (code !== undefined) return new AppError(code, error.message);
  return error;
}

/** The headers of an error answer. `Retry-After` is rounded up to whole seconds. */
function headersFor({ code, retryAfterMs }: AppError): Record<string, string> {
  return {
    ...(code === "unauthenticated" ? { "www-authenticate": 'Bearer realm="signalbox"' } : {}),
    ...(retryAfterMs === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) }),
  };
}

/** The HTTP status, headers and JSON body of an error answer. Only an `AppError`'s own message is revealed. */
export function errorAnswer(error: unknown): { status: number; headers: Record<string, string>; body: ReturnType<typeof errorBody> } {
  const known = asAppError(error);
  const answer =
    known instanceof AppError ? { status: FAILURES[known.code].http, headers: headersFor(known) } : { status: 500, headers: {} };
  return { ...answer, body: errorBody(known) };
}
