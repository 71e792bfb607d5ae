import { setTimeout as sleep } from "node:timers/promises";
import { AppError, type FailureCode, TRY_MS_MAX } from "@signalbox/model";
import type { Question, Reply, Target } from "./target.ts";

/** What came of asking: a reply, or why there is none. `latencyMs` is of the last time of asking. */
export type Asked = { kind: "answered"; reply: Reply; latencyMs: number } | { kind: "failed"; reason: string; latencyMs: number };

/** How long one answer may take, and how long a target that is down is asked again; milliseconds. `signal` calls everything off. */
export interface AskLimits {
  readonly timeoutMs: number;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;

/** What is amiss with the asking, whatever the item: no other one would be answered either. */
const OF_EVERY_ITEM: ReadonlySet<FailureCode> = new Set(["upstream_unavailable", "invalid_input", "unauthenticated", "forbidden"]);

const isOfEveryItem = (error: unknown): boolean => error instanceof AppError && OF_EVERY_ITEM.has(error.code);

const isDown = (error: unknown): boolean => error instanceof AppError && error.code === "upstream_unavailable";

/** Asks once. The wait ends with the time that is allowed, whether the target heeds its signal or not. */
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
    const reason = late.signal.aborted ? `it took longer than ${timeoutMs} ms` : error instanceof Error ? error.message : String(error);
    return { kind: "failed", reason, latencyMs: performance.now() - startedAt };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    // What is left of a question that was given up fails unheard.
    ended.promise.catch(() => {});
  }
}

/**
 * Asks until there is an answer or a failure. A target that is down is asked
 * again, more and more slowly, while patience lasts; then what it threw is thrown.
 */
export async function askTarget(target: Target, question: Omit<Question, "signal">, limits: AskLimits): Promise<Asked> {
  const deadline = performance.now() + limits.patienceMs;
  for (let retryMs = RETRY_MS_MIN; ; retryMs = Math.min(2 * retryMs, RETRY_MS_MAX)) {
    try {
      return await askOnce(target, question, limits);
    } catch (error) {
      if (!isDown(error) || performance.now() + retryMs > deadline) throw error;
    }
    await sleep(retryMs, undefined, { signal: limits.signal });
  }
}
