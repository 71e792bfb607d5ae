import { randomBytes } from "node:crypto";

/** An attribute value in OTLP's JSON mapping. */
export type AnyValueJson =
  | { stringValue: string }
  | { intValue: number | string }
  | { doubleValue: number }
  | { boolValue: boolean }
  | { bytesValue: string }
  | { arrayValue: { values: AnyValueJson[] } }
  | { kvlistValue: { values: KeyValueJson[] } };
export interface KeyValueJson {
  key: string;
  value: AnyValueJson;
}

/** A span in OTLP's JSON mapping, with the fields that the tests use. */
export interface SpanJson {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValueJson[];
  events?: { name: string; timeUnixNano: string; attributes: KeyValueJson[] }[];
  status?: { code?: number; message?: string };
}

export interface LogRecordJson {
  timeUnixNano: string;
  eventName?: string;
  severityText?: string;
  body?: AnyValueJson;
  attributes?: KeyValueJson[];
  traceId?: string;
  spanId?: string;
}

/** Attributes from plain values: strings, whole numbers as ints, other numbers as doubles. */
export function attributes(values: Readonly<Record<string, string | number | boolean>>): KeyValueJson[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: string | number | boolean): AnyValueJson {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
}

/** A valid span that began a second ago. */
export function aSpan(over: Partial<SpanJson> = {}): SpanJson {
  const start = BigInt(Date.now() - 1_000) * 1_000_000n;
  return {
    traceId: randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    name: "chat gpt-4o",
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 5_000_000n),
    attributes: attributes({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o" }),
    ...over,
  };
}

export function tracesRequest(spans: readonly SpanJson[], serviceName = "test") {
  return {
    resourceSpans: [
      { resource: { attributes: attributes({ "service.name": serviceName }) }, scopeSpans: [{ scope: { name: "tests" }, spans }] },
    ],
  };
}

export function logsRequest(logRecords: readonly LogRecordJson[], serviceName = "test") {
  return {
    resourceLogs: [
      { resource: { attributes: attributes({ "service.name": serviceName }) }, scopeLogs: [{ scope: { name: "tests" }, logRecords }] },
    ],
  };
}
