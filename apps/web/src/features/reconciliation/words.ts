import type { Discrepancy, Fate, IngestSource } from "@signalbox/model";
import { formatCount } from "../../format/amounts.ts";

/** Labels of the sources, and the units counted there. */
export const SOURCES: Record<IngestSource, { label: string; unit: string }> = {
  otlp_traces_http: { label: "OTLP traces, HTTP", unit: "spans" },
  otlp_traces_grpc: { label: "OTLP traces, gRPC", unit: "spans" },
  otlp_traces_tls: { label: "OTLP traces, TLS", unit: "spans" },
  otlp_logs_http: { label: "OTLP logs, HTTP", unit: "log records" },
  otlp_logs_grpc: { label: "OTLP logs, gRPC", unit: "log records" },
  otlp_logs_tls: { label: "OTLP logs, TLS", unit: "log records" },
  otlp_metrics_http: { label: "OTLP metrics, HTTP", unit: "data points" },
  otlp_metrics_grpc: { label: "OTLP metrics, gRPC", unit: "data points" },
  otlp_metrics_tls: { label: "OTLP metrics, TLS", unit: "data points" },
  langsmith: { label: "LangSmith", unit: "parts of runs, feedback" },
  langsmith_otel: { label: "LangSmith, OpenTelemetry mode", unit: "spans" },
  langfuse: { label: "Langfuse", unit: "spans" },
  agentops: { label: "AgentOps uploads", unit: "uploads" },
  azure: { label: "Azure Monitor", unit: "telemetry items" },
};

/** Reasons why records are not rows, by the word under which they are counted. */
const REASONS: Record<string, string> = {
  no_span: "neither a trace id nor a span id",
  bad_trace_id: "the trace id is not 16 bytes",
  bad_span_id: "the span id is not 8 bytes",
  bad_parent_span_id: "the parent's id is not 8 bytes",
  bad_start_time: "the time is far in the past or future: a wrong unit, or a broken clock",
  bad_end_time: "it ends before it starts",
  no_metric_name: "the metric has no name",
  no_value: "the data point has no value",
  bad_buckets: "the histogram's buckets do not fit its bounds",
  bad_envelope: "the envelope is not as Application Insights writes it",
  unknown_telemetry: "telemetry of a kind that is not taken",
  resource_too_large: "more than 64 KiB of resource attributes",
  unreadable_part: "a part that cannot be read",
  turned_away: "no room at that moment: the sender was told to come back",
  malformed: "the request could not be read at all",
  too_large: "the request is too large",
  overloaded: "too many requests were being read",
  unavailable: "it could not be looked into at that moment: the sender was told to come back",
  rate_limited: "more requests than the key allows: the sender was told to come back",
  undecodable: "its request cannot be decoded any more",
  faulty: "what was made of it is no span",
  not_canonical: "it does not fit the canonical model",
  no_decision: "it says that it is a decision and is none",
  nested_too_deep: "it is nested too deep",
  incomplete_run: "a run of which too little is known to show it",
  refused_by_store: "the store refuses the row",
  head: "sampled out when its trace began",
  tail: "sampled out when its trace was known",
  copy: "a LangSmith run that came natively too",
  erased: "somebody had it erased",
  retention: "older than the project keeps it",
};

/** A reason in words; an unknown one is shown as it is. */
export function reasonText(reason: string): string {
  return REASONS[reason] ?? reason;
}

/** The meaning of a fate for the sender of a record. */
export const FATE_LABELS: Partial<Record<Fate, string>> = {
  rejected: "Rejected, its sender was told",
  unread: "Requests that could not be read",
  refused: "Accepted, but not storable",
  sampled: "Sampled out",
  deleted: "Stored, and deleted later",
};

/** A discrepancy in a sentence. */
export function discrepancyText(found: Discrepancy): string {
  switch (found.kind) {
    case "unanswered":
      return `${formatCount(found.received)} were received, but ${formatCount(found.answered)} were accepted or rejected.`;
    case "lost_in_journal":
      return `${formatCount(found.accepted)} were accepted, but ${formatCount(found.journaled)} came out of the journal.`;
    case "unwritten":
      return `${formatCount(found.expected)} were to be stored, but ${formatCount(found.written)} were stored, sampled out or refused.`;
    case "missing":
      return `${formatCount(found.rows)} were stored and are nowhere now, neither as they were nor as a later version.`;
    case "unexplained":
      return `${formatCount(found.rows)} more are readable than were ever stored.`;
  }
}
