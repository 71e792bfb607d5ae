import { parsePrometheusText } from "./prometheusText.ts";
import { backlogIn, type CollectorBacklog } from "./reconciliation.ts";

const ANSWER_WITHIN_MS = 1_500;

/** Asks the collector what is not in the store yet; the backlog is unknown where it does not answer. */
export async function collectorBacklog(otlpUrl: string): Promise<CollectorBacklog> {
  try {
    const answer = await fetch(new URL("/metrics", otlpUrl), { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return backlogIn(answer.ok ? parsePrometheusText(await answer.text()) : []);
  } catch {
    return backlogIn([]);
  }
}
