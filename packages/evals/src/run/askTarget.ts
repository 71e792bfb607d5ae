import { setTimeout as sleep } from "node:timers/promises";
import { AppError, type BackOff, backOffMs, errorMessage, type FailureCode, TRY_MS_MAX } from "@signalbox/model";
import type { Question, Reply, Target } from "./target.ts";

/** The result of asking: a reply, or why there is none. `latencyMs` is that of the last attempt. */
export type Asked = { kind: "answered"; reply: Reply; latencyMs: number } | { kind: "failed"; reason: string; latencyMs: number };

/** The time limit of one answer, and how long an unavailable target is retried; milliseconds. `signal` cancels everything. */
export interface AskLimits {
  readonly timeoutMs: number;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const RETRY: BackOff = { firstMs: 100, msMax: 2_000 };

/** Errors that affect every item: asking about another one would be no use. */
const OF_EVERY_ITEM: ReadonlySet<FailureCode> = new Set(["upstream_unavailable", "invalid_input", "unauthenticated", "forbidden"]);

const isOfEveryItem = (error: unknown): boolean => error instanceof AppError && OF_EVERY_ITEM.has(error.code);

const isDown = (error: unknown): boolean => error instanceof AppError && error.code === "upstream_unavailable";

/** Asks once. The wait ends at the time limit, whether or not the target heeds its signal. */
async function askOnce(target: Target, question: Omit<Question, "signal">, limits: AskLimits): Promise<Asked> {
  const { signal } = limits;
  const timeoutMs = Math.min(limits.timeoutMs, TRY_MS_MAX);
  const startedAt = performance.now();
  const late = new AbortController();
  const ended = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    ended.reject(new Error(`it took longer than ${timeoutMs} ms`));
    late.abort();
  }, timeoutMs);
  const stop = (): void => ended.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    const asked = target.ask({ ...question, signal: AbortSignal.any([late.signal, signal]) });
    const reply = await Promise.race([asked, ended.promise]);
    return { kind: "answered", reply, latencyMs: performance.now() - startedAt };
  } catch (error) {
    signal.throwIfAborted();
    if (!late.signal.aborted && isOfEveryItem(error)) throw error;
    const reason = late.signal.aborted ? `it took longer than ${timeoutMs} ms` : errorMessage(error);
    return { kind: "failed", reason, latencyMs: performance.now() - startedAt };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    // A late failure of an abandoned question is ignored.
    ended.promise.catch(() => {});
  }
}

/**
 * Asks until there is an answer or a failure. An unavailable target is
 * retried with growing pauses, up to the limit; then its error is thrown.
 */
export async function askTarget(target: Target, question: Omit<Question, "signal">, limits: AskLimits): Promise<Asked> {
  const deadline = performance.now() + limits.patienceMs;
  for (let failures = 1; ; failures += 1) {
    const retryMs = backOffMs(RETRY, failures);
    try {
      return await askOnce(target, question, limits);
    } catch (error) {
      if (!isDown(error) || performance.now() + retryMs > deadline) throw error;
    }
    await sleep(retryMs, undefined, { signal: limits.signal });
  }
}
