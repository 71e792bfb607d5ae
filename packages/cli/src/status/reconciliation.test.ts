import { expect, test } from "vitest";
import { parsePrometheusText, sumOf } from "./prometheusText.ts";
import { reconcile } from "./reconciliation.ts";

const METRICS = `# HELP signalbox_collector_records_received_total Records in well-formed requests.
# TYPE signalbox_collector_records_received_total counter
signalbox_collector_records_received_total{signal="otlp_traces"} 100
signalbox_collector_records_received_total{signal="otlp_logs"} 7
signalbox_collector_records_accepted_total{signal="otlp_traces"} 97
signalbox_collector_records_accepted_total{signal="otlp_logs"} 7
signalbox_collector_records_rejected_total{signal="otlp_traces",reason="no trace \\"id\\""} 2
signalbox_collector_records_rejected_total{signal="otlp_traces",reason="too old"} 1
signalbox_collector_stored_rows_total{table="spans"} 97
signalbox_collector_stored_rows_total{table="decisions"} 5
signalbox_collector_stored_rows_total{table="logs"} 2
signalbox_collector_journal_bytes 0
`;

test("reads samples with and without labels", () => {
  const samples = parsePrometheusText(METRICS);
  expect(samples).toHaveLength(10);
  expect(samples[4]?.labels).toEqual({ signal: "otlp_traces", reason: 'no trace "id"' });
  expect(sumOf(samples, "signalbox_collector_journal_bytes")).toBe(0);
});

test("sums what came in and what was stored, by signal", () => {
  expect(reconcile(parsePrometheusText(METRICS))).toEqual([
    { signal: "otlp_traces", received: 100, accepted: 97, rejected: 3, stored: 97 },
    { signal: "otlp_logs", received: 7, accepted: 7, rejected: 0, stored: 7 },
    { signal: "otlp_metrics", received: 0, accepted: 0, rejected: 0, stored: 0 },
  ]);
});

test("a collector that has counted nothing yet is all zeros", () => {
  expect(reconcile([])[0]).toEqual({ signal: "otlp_traces", received: 0, accepted: 0, rejected: 0, stored: 0 });
});
