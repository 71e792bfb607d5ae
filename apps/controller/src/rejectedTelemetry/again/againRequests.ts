import type { StoredRejection } from "@signalbox/db/clickhouse";
import { type IngestSource, newId, parsedJson } from "@signalbox/model";
import { KeptItem, KeptLog, KeptPoint, KeptSpan } from "./keptRecord.ts";
import { exportRequest, logJson, metricJson, originalOf, spanJson } from "./otlpJson.ts";

/** A request that sends records again, to a path of the collector. */
export type AgainRequest = { path: string; contentType: string; body: string; records: number };

/** Requests, and the number of records that cannot be sent, since only a hash or a beginning of them was kept. */
export type Again = { requests: AgainRequest[]; unsendable: number };

type Rejection = Pick<StoredRejection, "reason" | "record">;

const JSON_TYPE = "application/json";

/** The paths to which spans of a source are sent, so that they get the same source again. */
const TRACES_PATHS: Partial<Record<IngestSource, string>> = {
  langfuse: "/api/public/otel/v1/traces",
  langsmith_otel: "/otel/v1/traces",
};

/** The collector's wording for an unreadable part of a LangSmith request (its decode/langsmith/langSmithRequest.ts). */
const PART = /^the part "([^"\r\n]+)" cannot be read/s;
const ITEM = /^an item of "?(post|patch|feedback)"? is no/;

/** Whether a span can be sent again: of an unreadable one, only its text is left. */
function isSendable(span: KeptSpan): boolean {
  const original = originalOf(span);
  const parsed = original === null ? {} : parsedJson(original);
  return typeof parsed === "object" && parsed !== null;
}

const json = (path: string, body: unknown, records: number): AgainRequest[] =>
  records === 0 ? [] : [{ path, contentType: JSON_TYPE, body: JSON.stringify(body), records }];

/**
 * Builds a form of LangSmith parts under the names in their rejection reasons. The boundary is a new one, so that the kept content cannot
 * contain it and be read as further parts.
 */
function formRequest(parts: readonly { name: string; content: string }[]): AgainRequest[] {
  if (parts.length === 0) return [];
  const boundary = newId();
  const written = parts.map(
    ({ name, content }) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: application/json\r\n\r\n${content}\r\n`,
  );
  const body = `${written.join("")}--${boundary}--\r\n`;
  return [{ path: "/runs/multipart", contentType: `multipart/form-data; boundary=${boundary}`, body, records: parts.length }];
}

/** The kept operations of runs that stayed incomplete. */
function operationsOf(kept: unknown): { operation: string; body: string }[] {
  if (!Array.isArray(kept)) return [];
  return kept.filter((one) => typeof one?.body === "string" && (one.operation === "post" || one.operation === "patch"));
}

function langSmithRequests(records: readonly Rejection[]): Again {
  const parts: { name: string; content: string }[] = [];
  const batch = { post: [] as unknown[], patch: [] as unknown[], feedback: [] as unknown[] };
  let items = 0;
  let unsendable = 0;
  for (const { reason, record } of records) {
    const [, name] = PART.exec(reason) ?? [];
    const [, list] = ITEM.exec(reason) ?? [];
    const kept = parsedJson(record);
    const operations = operationsOf(kept);
    if (name !== undefined) parts.push({ name, content: record });
    else if (list !== undefined && kept !== undefined) batch[list as keyof typeof batch].push(kept);
    else if (operations.length > 0)
      for (const { operation, body } of operations) batch[operation as "post" | "patch"].push(parsedJson(body));
    else unsendable += 1;
    if (name === undefined && (list !== undefined ? kept !== undefined : operations.length > 0)) items += 1;
  }
  return { requests: [...formRequest(parts), ...json("/runs/batch", batch, items)], unsendable };
}

/** The requests that send a source's rejected records again, each in the form in which it was kept. */
export function againRequests(source: IngestSource, records: readonly Rejection[]): Again {
  if (source === "langsmith") return langSmithRequests(records);
  const spans: KeptSpan[] = [];
  const logs: KeptLog[] = [];
  const points: KeptPoint[] = [];
  const items: unknown[] = [];
  for (const { record } of records) {
    const kept = parsedJson(record);
    const span = KeptSpan.safeParse(kept);
    const log = KeptLog.safeParse(kept);
    const point = KeptPoint.safeParse(kept);
    if (span.success) {
      if (isSendable(span.data)) spans.push(span.data);
    } else if (log.success) logs.push(log.data);
    else if (point.success) points.push(point.data);
    else if (source === "azure" && KeptItem.safeParse(kept).success) {
      const { detail: _, ...item } = kept as Record<string, unknown>;
      items.push(item);
    }
  }
  const ofSpans = exportRequest(spans, { resources: "resourceSpans", scopes: "scopeSpans", items: "spans" }, spanJson);
  const ofLogs = exportRequest(logs, { resources: "resourceLogs", scopes: "scopeLogs", items: "logRecords" }, logJson);
  const ofPoints = exportRequest(points, { resources: "resourceMetrics", scopes: "scopeMetrics", items: "metrics" }, metricJson);
  return {
    requests: [
      ...json(TRACES_PATHS[source] ?? "/v1/traces", ofSpans, spans.length),
      ...json("/v1/logs", ofLogs, logs.length),
      ...json("/v1/metrics", ofPoints, points.length),
      ...json("/v2.1/track", items, items.length),
    ],
    unsendable: records.length - spans.length - logs.length - points.length - items.length,
  };
}
