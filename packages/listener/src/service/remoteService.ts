import { AppError, ErrorReport, FAILURES, type FailureCode, parsedJson } from "@signalbox/model";
import { z } from "zod";
import type { MethodContract, ServiceContract } from "./contract.ts";

/**
 * Sends a request to a service and returns its answer, whatever its status. Throws `AppError` when there is no answer
 * within `timeoutMs`, if given. Once `halt` is aborted it throws and closes the connection, which tells the service.
 */
export type Send = (call: {
  path: string;
  body: string;
  isRepeatable: boolean;
  timeoutMs: number | undefined;
  halt?: AbortSignal | undefined;
}) => Promise<{ status: number; text: string }>;

const CODES = Object.keys(FAILURES) as [FailureCode, ...FailureCode[]];
const ErrorAnswer = z.object({
  error: z.object({
    code: z.enum(CODES),
    message: z.string(),
    hint: z.string().optional(),
    report: ErrorReport.optional().catch(undefined),
  }),
});

/** Keeps the code and the report of a service's own refusal, so that a task fails the same way whether the service is local or remote. */
function refusalOf(path: string, { status, text }: { status: number; text: string }): AppError {
  const parsed = ErrorAnswer.safeParse(parsedJson(text));
  if (!parsed.success) return new AppError("upstream_unavailable", `${path} answered ${status}.`);
  const { code, message, hint, report } = parsed.data.error;
  return new AppError(code, report?.message ?? message, {
    ...(hint === undefined ? {} : { hint }),
    ...(report === undefined ? {} : { report }),
  });
}

async function ask(
  send: Send,
  { path, isRepeatable, timeoutMs, answer }: MethodContract<unknown, unknown>,
  request: unknown,
  halt: AbortSignal | undefined,
): Promise<unknown> {
  const answered = await send({ path, body: JSON.stringify(request), isRepeatable, timeoutMs, halt });
  if (answered.status < 200 || answered.status > 299) throw refusalOf(path, answered);
  const parsed = answer.safeParse(parsedJson(answered.text));
  if (!parsed.success) throw new AppError("upstream_unavailable", `${path} answered something else than agreed.`, { cause: parsed.error });
  return parsed.data;
}

/** A client of a remote service with the interface of a local one. */
export function remoteService<Service extends object>(send: Send, contract: ServiceContract<Service>): Service {
  const methods = Object.entries<MethodContract<unknown, unknown>>(contract).map(([name, method]) => [
    name,
    (request: unknown, halt?: AbortSignal) => ask(send, method, request, halt),
  ]);
  return Object.fromEntries(methods) as Service;
}
