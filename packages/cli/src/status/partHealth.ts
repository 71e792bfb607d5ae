import { parsePrometheusText, type Sample } from "@signalbox/model";
import type { Part } from "../supervisor/parts/part.ts";
import { loopbackUrl } from "../supervisor/parts/parts.ts";
import type { RunState } from "../supervisor/stateFile.ts";

/** The time limit of a part's answer. */
const ANSWER_MS_MAX = 2_000;

/** The health of a part: its own report (`ready`), and its supervisor's. `counts` are its own counters, summed over their labels. */
export interface PartHealth {
  name: string;
  ready: boolean;
  status: RunState["parts"][number]["status"];
  url: string;
  pid: number | undefined;
  restarts: number;
  counts: Record<string, number>;
}

/** Reads a part's metrics, with a key where it requires one; none from a part that does not answer. */
export async function readMetrics(port: number, key?: string): Promise<Sample[]> {
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
  try {
    const answer = await fetch(`${loopbackUrl(port)}/metrics`, { headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return answer.ok ? parsePrometheusText(await answer.text()) : [];
  } catch {
    return [];
  }
}

function countsIn(samples: readonly Sample[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name, value } of samples) {
    if (/^signalbox_.*_total$/.test(name)) counts[name] = (counts[name] ?? 0) + value;
  }
  return counts;
}

/** Asks a part for its health; for metrics only if it speaks HTTP. `key` is for a part that requires one for its metrics. */
export async function askPart(part: Part, known: RunState["parts"][number] | undefined, key?: string): Promise<PartHealth> {
  const metrics = part.url.startsWith("http:") ? readMetrics(part.port, key) : [];
  const [ready, samples] = await Promise.all([part.isReady(AbortSignal.timeout(ANSWER_MS_MAX)), metrics]);
  return {
    name: part.name,
    ready,
    status: known?.status ?? "stopped",
    url: part.url,
    pid: known?.pid,
    restarts: known?.restarts ?? 0,
    counts: countsIn(samples),
  };
}
