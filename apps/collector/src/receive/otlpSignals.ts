import type { IngestSource } from "@signalbox/model";
import type { RejectedField } from "./exportAnswer.ts";
import { LOGS, METRICS, type Signal, TRACES } from "./signal.ts";

/** A signal's names in OTLP: its path over HTTP, its method over gRPC, and its count of rejected records. */
export interface OtlpSignal {
  signal: Signal;
  path: string;
  method: string;
  rejectedField: RejectedField;
  /** The source by transport. */
  sources: { http: IngestSource; grpc: IngestSource; tls: IngestSource };
}

export const TRACES_SIGNAL: OtlpSignal = {
  signal: TRACES,
  path: "/v1/traces",
  method: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  rejectedField: "rejectedSpans",
  sources: { http: "otlp_traces_http", grpc: "otlp_traces_grpc", tls: "otlp_traces_tls" },
};

/** The OTLP signals that are accepted. */
export const OTLP_SIGNALS: readonly OtlpSignal[] = [
  TRACES_SIGNAL,
  {
    signal: LOGS,
    path: "/v1/logs",
    method: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    rejectedField: "rejectedLogRecords",
    sources: { http: "otlp_logs_http", grpc: "otlp_logs_grpc", tls: "otlp_logs_tls" },
  },
  {
    signal: METRICS,
    path: "/v1/metrics",
    method: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    rejectedField: "rejectedDataPoints",
    sources: { http: "otlp_metrics_http", grpc: "otlp_metrics_grpc", tls: "otlp_metrics_tls" },
  },
];
