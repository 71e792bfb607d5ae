import { setTimeout as sleep } from "node:timers/promises";
import type { Part } from "../parts/part.ts";

/** The polling interval of a starting part. */
const ASK_EVERY_MS = 40;

/** The time after which an unanswered poll is repeated. */
const ANSWER_MS_MAX = 2_000;

/** A part's readiness by its HTTP endpoint: anything but a success means not yet. */
export function readyAt(url: string): Part["isReady"] {
  return async (signal) => {
    try {
      const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]) });
      await answer.body?.cancel();
      return answer.ok;
    } catch {
      return false;
    }
  };
}

/** Waits until a part is ready (true) or the signal gives it up (false). */
export async function untilReady(part: Part, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if (await part.isReady(signal)) return true;
    await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return false;
}
