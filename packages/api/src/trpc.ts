import { AppError, errorBody, type FailureCode, issuesText, whyUnstorable } from "@signalbox/model";
import { initTRPC, TRPCError } from "@trpc/server";
import { ZodError } from "zod";
import type { Context } from "./context.ts";
import { plainJson } from "./plainJson.ts";

type TrpcCode = ConstructorParameters<typeof TRPCError>[0]["code"];

/** tRPC's codes for our failures; they carry the HTTP status. */
const TRPC_CODES = {
  invalid_input: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  limit_reached: "UNPROCESSABLE_CONTENT",
  kills_worker: "UNPROCESSABLE_CONTENT",
  unserved: "UNPROCESSABLE_CONTENT",
  bad_answer: "UNPROCESSABLE_CONTENT",
  model_unavailable: "SERVICE_UNAVAILABLE",
  too_large: "PAYLOAD_TOO_LARGE",
  overloaded: "TOO_MANY_REQUESTS",
  timed_out: "GATEWAY_TIMEOUT",
  upstream_unavailable: "SERVICE_UNAVAILABLE",
  infrastructure: "INTERNAL_SERVER_ERROR",
} as const satisfies Record<FailureCode, TrpcCode>;

/** Any error as a failure of ours: refused input names the field, an unknown error reveals nothing of our internals. */
function failureOf(error: TRPCError): ReturnType<typeof errorBody>["error"] {
  if (error.cause instanceof ZodError) return { code: "invalid_input", message: issuesText(error.cause) };
  if (error.code === "NOT_FOUND" && !(error.cause instanceof AppError)) return { code: "not_found", message: error.message };
  return errorBody(error.cause).error;
}

const trpc = initTRPC.context<Context>().create({
  transformer: plainJson,
  errorFormatter({ shape, error }) {
    const failure = failureOf(error);
    const { stack: _, ...data } = shape.data;
    return { ...shape, message: failure.message, data: { ...data, failure } };
  },
});

export const router = trpc.router;

function withStatus(cause: AppError): TRPCError {
  return new TRPCError({ code: TRPC_CODES[cause.code], message: cause.message, cause });
}

/**
 * The only place where a failure gets its status; procedures throw `AppError` and nothing else. Input that the state store could not keep
 * or read again is refused before anybody sees it.
 */
export const procedure = trpc.procedure.use(async ({ next, getRawInput }) => {
  const why = whyUnstorable(await getRawInput(), "input");
  if (why !== null) throw withStatus(new AppError("invalid_input", why));
  const result = await next();
  if (result.ok || !(result.error.cause instanceof AppError)) return result;
  throw withStatus(result.error.cause);
});

export const createCallerFactory = trpc.createCallerFactory;
