import { setTimeout as sleep } from "node:timers/promises";
import { AppError, backOffMs, FAILURES, type MemoryService } from "@signalbox/model";
import type { Clock } from "../../clock.ts";

/**
 * The policy of a task while memory is away. `degrade`: it goes on without memory. `wait`: it asks again for up to `waitMs` milliseconds;
 * then its attempt fails, as if any other part were away.
 */
export type OutagePolicy = { kind: "degrade" } | { kind: "wait"; waitMs: number; pauseMs: number };

/** The longest pause between two requests, in milliseconds; pauses double up to it. */
const PAUSE_MS_MAX = 2_000;

function isOutage(error: unknown): error is AppError {
  return error instanceof AppError && FAILURES[error.code].retry;
}

/** The answer, or that memory is out of reach. `outage` is a sentence about the outage, past or present. */
type Asked<T> = { kind: "answered"; answer: T; outage: string | undefined } | { kind: "away"; outage: string };

/** Asks by a policy. Rethrows errors that are not outages, and the last outage after a vain wait. */
async function askBy<T>(policy: OutagePolicy, clock: Clock, ask: () => Promise<T>): Promise<Asked<T>> {
  const askedUs = clock.nowUs();
  const elapsedMs = (): number => (clock.nowUs() - askedUs) / 1_000;
  let first: AppError | undefined;
  for (let failures = 1; ; failures += 1) {
    try {
      const answer = await ask();
      const outage =
        first === undefined ? undefined : `Memory was away for ${(elapsedMs() / 1_000).toFixed(1)} s and was waited for: ${first.message}`;
      return { kind: "answered", answer, outage };
    } catch (error) {
      if (!isOutage(error)) throw error;
      if (policy.kind === "degrade") return { kind: "away", outage: `Memory is away, and the task goes on without it: ${error.message}` };
      first ??= error;
      const pauseMs = backOffMs({ firstMs: policy.pauseMs, msMax: PAUSE_MS_MAX }, failures);
      if (elapsedMs() + pauseMs > policy.waitMs) throw error;
      await sleep(pauseMs);
    }
  }
}

/** Wraps a memory service, local or remote, with an outage policy; its answers say what was missing. */
export function withOutagePolicy(memory: MemoryService, policy: OutagePolicy, clock: Clock): MemoryService {
  return {
    async recall(request) {
      const asked = await askBy(policy, clock, () => memory.recall(request));
      if (asked.kind === "away") return { turns: [], outage: asked.outage };
      return { ...asked.answer, ...(asked.outage === undefined ? {} : { outage: asked.outage }) };
    },
    async remember(request) {
      const { kind, outage } = await askBy(policy, clock, () => memory.remember(request));
      return { isRemembered: kind === "answered", ...(outage === undefined ? {} : { outage }) };
    },
    async search(request) {
      const asked = await askBy(policy, clock, () => memory.search(request));
      if (asked.kind === "away") return { passages: [], shortfall: asked.outage };
      return { ...asked.answer, shortfall: asked.outage ?? asked.answer.shortfall };
    },
  };
}
