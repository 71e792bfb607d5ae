import type { Part } from "../context.ts";

const ANSWER_WITHIN_MS = 1_500;

/** `starting` answers, but is not ready to work; `down` does not answer. `answeredInMs` is null then. */
export type PartState = { name: string; address: string; state: "ready" | "starting" | "down"; answeredInMs: number | null };

/** Asks a part whether it works. */
export async function probePart({ name, readyUrl }: Part): Promise<PartState> {
  const address = new URL(readyUrl).host;
  const asked = performance.now();
  try {
    const answer = await fetch(readyUrl, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await answer.body?.cancel();
    return { name, address, state: answer.ok ? "ready" : "starting", answeredInMs: performance.now() - asked };
  } catch {
    return { name, address, state: "down", answeredInMs: null };
  }
}
