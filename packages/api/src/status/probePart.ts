import { isDatabaseReady } from "@signalbox/db/prisma";
import type { Part } from "../context.ts";

const ANSWER_WITHIN_MS = 1_500;

/** The state of a part. `starting` answers, but is not ready to work; `down` does not answer, and `answeredInMs` is null. */
export type PartState = { name: string; address: string; state: "ready" | "starting" | "down"; answeredInMs: number | null };

/** Probes whether a part works. */
export async function probePart({ name, readyUrl }: Part): Promise<PartState> {
  const address = new URL(readyUrl).host;
  const asked = performance.now();
  const state = await (/^postgres(ql)?:/.test(readyUrl) ? databaseState(readyUrl) : appState(readyUrl));
  return { name, address, state, answeredInMs: state === "down" ? null : performance.now() - asked };
}

const databaseState = async (url: string): Promise<PartState["state"]> => ((await isDatabaseReady(url)) ? "ready" : "down");

async function appState(url: string): Promise<PartState["state"]> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await answer.body?.cancel();
    return answer.ok ? "ready" : "starting";
  } catch {
    return "down";
  }
}
