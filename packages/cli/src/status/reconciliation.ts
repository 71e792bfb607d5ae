import { type Sample, sumOf } from "./prometheusText.ts";

/**
 * What became of one signal's records since the collector started. `accepted` are on disk in the journal, `stored` are rows in the store;
 * rows of before a restart are stored after it, so `stored` may exceed `accepted`, and a batch on its way makes it fall short for a moment.
 */
export interface Reconciliation {
  signal: string;
  received: number;
  accepted: number;
  rejected: number;
  stored: number;
}

/** The tables in which a signal's records end, by the collector's name of the signal. */
const TABLES = { otlp_traces: ["spans"], otlp_logs: ["logs", "decisions"], otlp_metrics: ["metric_points"] } as const;

const METRIC = "signalbox_collector";

/** Compares the collector's counts of what came in with what it stored. */
export function reconcile(samples: readonly Sample[]): Reconciliation[] {
  return Object.entries(TABLES).map(([signal, tables]) => {
    const records = (fate: string): number => sumOf(samples, `${METRIC}_records_${fate}_total`, { signal });
    return {
      signal,
      received: records("received"),
      accepted: records("accepted"),
      rejected: records("rejected"),
      stored: tables.reduce((sum: number, table) => sum + sumOf(samples, `${METRIC}_stored_rows_total`, { table }), 0),
    };
  });
}
