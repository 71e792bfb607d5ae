import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";

/** The collector's answer to a request. `refused` is final; any other failure may pass. */
export type Answer = { kind: "accepted" } | { kind: "refused"; reason: string } | { kind: "unavailable"; reason: string };

/** Sends telemetry to a collector. */
export type OtlpSender = {
  sendSpans: (spans: ReadableSpan[]) => Promise<Answer>;
  sendLogRecords: (records: ReadableLogRecord[]) => Promise<Answer>;
  close: () => Promise<void>;
};

/**
 * Time limit of one request in milliseconds, including its retries. Telemetry waits in the outbox, so there is no need to wait longer here.
 */
const SEND_TIMEOUT_MS = 5_000;

/** HTTP statuses that mean the request itself is at fault. */
const AT_FAULT = new Set([400, 413, 415, 422]);

/** The sending part of an OpenTelemetry exporter. Result code 0 means success. */
type Exporter<Item> = { export: (items: Item[], done: (result: { code: number; error?: Error }) => void) => void };

function send<Item>(exporter: Exporter<Item>, items: Item[]): Promise<Answer> {
  return new Promise((resolve) => {
    exporter.export(items, ({ code, error }) => {
      if (code === 0) return resolve({ kind: "accepted" });
      const status = error !== undefined && "code" in error ? Number(error.code) : Number.NaN;
      resolve({ kind: AT_FAULT.has(status) ? "refused" : "unavailable", reason: error?.message ?? "no reason given" });
    });
  });
}

/** Opens a sender to the collector at `otlpUrl`, over OTLP/HTTP with protobuf. `key`, if any, is sent as a bearer token. */
export function openOtlpSender(otlpUrl: string, key?: string): OtlpSender {
  const common = { timeoutMillis: SEND_TIMEOUT_MS, headers: key === undefined ? {} : { authorization: `Bearer ${key}` } };
  const spans = new OTLPTraceExporter({ url: new URL("/v1/traces", otlpUrl).href, ...common });
  const logRecords = new OTLPLogExporter({ url: new URL("/v1/logs", otlpUrl).href, ...common });
  return {
    sendSpans: (items) => send(spans, items),
    sendLogRecords: (items) => send(logRecords, items),
    close: async () => {
      await Promise.all([spans.shutdown(), logRecords.shutdown()]);
    },
  };
}
