import { AppError, FAILURES, type FailureCode } from "@signalbox/model";
import { z } from "zod";
import type { MethodContract, ServiceContract } from "./contract.ts";

/** How long a service may take to answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 15_000;

const CODES = Object.keys(FAILURES) as [FailureCode, ...FailureCode[]];
const ErrorAnswer = z.object({ error: z.object({ code: z.enum(CODES), message: z.string(), hint: z.string().optional() }) });

/** A service's own refusal keeps its code, so that a task fails the same way whether the service is near or far. */
async function refusalOf(url: string, answer: Response): Promise<AppError> {
  const parsed = ErrorAnswer.safeParse(await answer.json().catch(() => null));
  if (!parsed.success) return new AppError("upstream_unavailable", `${url} answered ${answer.status}.`);
  const { code, message, hint } = parsed.data.error;
  return new AppError(code, message, hint === undefined ? {} : { hint });
}

async function ask(url: string, method: MethodContract<unknown, unknown>, request: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(method.timeoutMs ?? ANSWER_TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new AppError("upstream_unavailable", `${url} does not answer.`, { cause });
  });
  if (!answer.ok) throw await refusalOf(url, answer);
  const parsed = method.answer.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success) throw new AppError("upstream_unavailable", `${url} answered something else than agreed.`, { cause: parsed.error });
  return parsed.data;
}

/** A service that runs behind HTTP at `baseUrl`, as if it were here. */
export function remoteService<Service extends object>(baseUrl: string, contract: ServiceContract<Service>): Service {
  const methods = Object.entries<MethodContract<unknown, unknown>>(contract).map(([name, method]) => {
    const url = new URL(method.path, baseUrl).href;
    return [name, (request: unknown) => ask(url, method, request)];
  });
  return Object.fromEntries(methods) as Service;
}
