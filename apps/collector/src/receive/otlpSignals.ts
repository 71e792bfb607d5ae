import type { RejectedField } from "./exportAnswer.ts";
import { LOGS, METRICS, type Signal, TRACES } from "./signal.ts";

/** What OTLP calls a signal: its path over HTTP, its method over gRPC, and its count of rejected records. */
export interface OtlpSignal {
  signal: Signal;
  path: string;
  method: string;
  rejectedField: RejectedField;
}

/** Every signal of OTLP that is taken. */
export const OTLP_SIGNALS: readonly OtlpSignal[] = [
  {
    signal: TRACES,
    path: "/v1/traces",
    method: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    rejectedField: "rejectedSpans",
  },
  {
    signal: LOGS,
    path: "/v1/logs",
    method: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
    rejectedField: "rejectedLogRecords",
  },
  {
    signal: METRICS,
    path: "/v1/metrics",
    method: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    rejectedField: "rejectedDataPoints",
  },
];
