import { parsePrometheusText } from "./prometheusText.ts";
import { backlogIn, type CollectorBacklog } from "./reconciliation.ts";

const ANSWER_WITHIN_MS = 1_500;

/** Asks the collector what is not in the store yet; the backlog is unknown where it does not answer. */
export async function collectorBacklog(otlpUrl: string): Promise<CollectorBacklog> {
  try {
    const url = new URL("/metrics", otlpUrl);
    // `fetch` takes no URL with credentials, and metrics need none.
    url.username = "";
    url.password = "";
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return backlogIn(answer.ok ? parsePrometheusText(await answer.text()) : []);
  } catch {
    return backlogIn([]);
  }
}
