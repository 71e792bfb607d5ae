import { z } from "zod";

/** By which way records came in: whose protocol, and for OTLP what they are of and over what. A stable list, which people and scripts know. */
export const IngestSource = z.enum([
  "otlp_traces_http",
  "otlp_traces_grpc",
  "otlp_traces_tls",
  "otlp_logs_http",
  "otlp_logs_grpc",
  "otlp_logs_tls",
  "otlp_metrics_http",
  "otlp_metrics_grpc",
  "otlp_metrics_tls",
  "langsmith",
  "langsmith_otel",
  "langfuse",
  "agentops",
  "azure",
]);
export type IngestSource = z.infer<typeof IngestSource>;

/**
 * What becomes of records. A record is what its protocol counts: a span, a log record, a data point, an operation on a LangSmith run or a
 * feedback, one telemetry item of an Application Insights envelope.
 *
 * Said when a request is answered: `received`; `accepted` (acknowledged, and so on disk) or `rejected` (its sender was told). Requests that no
 * record could be read from are `unread`, and counted one each.
 * Said when a request is written: `journaled` (what the journal gave back), `made` (rows that come of it besides, such as the span that a run
 * is put together to), and of these what is `stored`, `sampled` out or `refused` (kept among the rejected ones with its reason).
 * received = accepted + rejected; accepted = journaled; journaled + made = stored + sampled + refused.
 */
export const Fate = z.enum(["received", "accepted", "rejected", "unread", "journaled", "made", "stored", "sampled", "refused"]);
export type Fate = z.infer<typeof Fate>;
