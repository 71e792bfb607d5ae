import type { Decision, LogRecord, MetricPoint, RejectedRecord, Score } from "@signalbox/model";
import { sha256 } from "@signalbox/model";
import { fingerprintOf } from "../fingerprint.ts";

/** The route by which a record arrived, and the time, in microseconds since 1970. */
export interface Receipt {
  source: string;
  receivedAtUs: number;
}

/** The receipt of a row that nobody sent. */
const NOBODY: Receipt = { source: "", receivedAtUs: 0 };

type Received<T> = T & Receipt;

/** How a table's columns are filled from a record. */
type Columns<T> = Readonly<Record<string, (from: T) => unknown>>;

const DECISIONS: Columns<Received<{ project: string; decision: Decision; record: string }>> = {
  project: ({ project }) => project,
  task_id: ({ decision }) => decision.taskId,
  seq: ({ decision }) => decision.seq,
  kind: ({ decision }) => decision.kind,
  time: ({ decision }) => isoText(decision.time),
  trace_id: ({ decision }) => decision.traceId,
  span_id: ({ decision }) => decision.spanId ?? "",
  chosen: ({ decision }) => decision.chosen,
  record: ({ record }) => record,
  received_at: ({ receivedAtUs }) => microsText(receivedAtUs),
  source: ({ source }) => source,
};

const LOGS: Columns<Received<{ log: LogRecord }>> = {
  project: ({ log }) => log.project,
  time: ({ log }) => nanosText(log.timeUnixNano),
  digest: ({ log }) => digestOf(log),
  trace_id: ({ log }) => log.traceId,
  span_id: ({ log }) => log.spanId,
  service: ({ log }) => log.service,
  event_name: ({ log }) => log.eventName,
  severity: ({ log }) => log.severity,
  body: ({ log }) => log.body,
  attributes: ({ log }) => log.attributes,
  received_at: ({ receivedAtUs }) => microsText(receivedAtUs),
  source: ({ source }) => source,
};

const METRIC_POINTS: Columns<Received<{ point: MetricPoint }>> = {
  project: ({ point }) => point.project,
  metric: ({ point }) => point.metric,
  series: ({ point }) => seriesOf(point),
  time: ({ point }) => nanosText(point.timeUnixNano),
  start_time: ({ point }) => nanosText(point.startTimeUnixNano),
  type: ({ point }) => point.type,
  unit: ({ point }) => point.unit,
  description: ({ point }) => point.description,
  temporality: ({ point }) => point.temporality,
  is_monotonic: ({ point }) => point.isMonotonic,
  service: ({ point }) => point.service,
  scope: ({ point }) => point.scope,
  attributes: ({ point }) => point.attributes,
  resource_attributes: ({ point }) => point.resourceAttributes,
  value: ({ point }) => point.value,
  count: ({ point }) => point.count,
  sum: ({ point }) => point.sum,
  min: ({ point }) => point.min,
  max: ({ point }) => point.max,
  bucket_counts: ({ point }) => point.bucketCounts,
  explicit_bounds: ({ point }) => point.explicitBounds,
  scale: ({ point }) => point.scale,
  zero_count: ({ point }) => point.zeroCount,
  zero_threshold: ({ point }) => point.zeroThreshold,
  positive_offset: ({ point }) => point.positive.offset,
  positive_counts: ({ point }) => point.positive.counts,
  negative_offset: ({ point }) => point.negative.offset,
  negative_counts: ({ point }) => point.negative.counts,
  quantiles: ({ point }) => point.quantiles.map(({ quantile }) => quantile),
  quantile_values: ({ point }) => point.quantiles.map(({ value }) => value),
  exemplars: ({ point }) => JSON.stringify(point.exemplars),
  received_at: ({ receivedAtUs }) => microsText(receivedAtUs),
  source: ({ source }) => source,
};

const SCORES: Columns<Received<{ score: Score }>> = {
  project: ({ score }) => score.project,
  trace_id: ({ score }) => score.traceId,
  span_id: ({ score }) => score.spanId ?? "",
  name: ({ score }) => score.name,
  value: ({ score }) => score.value,
  label: ({ score }) => score.label,
  explanation: ({ score }) => score.explanation,
  scorer: ({ score }) => score.scorer,
  time: ({ score }) => isoText(score.time),
  received_at: ({ receivedAtUs }) => microsText(receivedAtUs),
  source: ({ source }) => source,
  feedback_id: ({ score }) => score.feedback?.id ?? "",
  feedback_run: ({ score }) => score.feedback?.runId ?? "",
};

const REJECTED: Columns<{ rejected: RejectedRecord; receivedAtUs: number }> = {
  project: ({ rejected }) => rejected.project,
  source: ({ rejected }) => rejected.source,
  reason: ({ rejected }) => rejected.reason,
  record: ({ rejected }) => rejected.record,
  digest: ({ rejected }) => digestOf(rejected),
  received_at: ({ receivedAtUs }) => microsText(receivedAtUs),
};

const TABLES = { decisions: DECISIONS, logs: LOGS, metric_points: METRIC_POINTS, scores: SCORES, rejected: REJECTED };

/** The tables that are written as rows of JSON; spans are written as blocks of columns (spanBlock.ts). */
export type RowTable = keyof typeof TABLES;

/** The tables for telemetry and its fates. */
export type TelemetryTable = RowTable | "spans" | "ledger";

/**
 * A row to insert: its values as a JSON list in the order of `columnsOf(table)`, its
 * partition, and its fingerprint (0 for a rejected record, which is never looked up).
 */
export interface TelemetryRow {
  table: RowTable;
  partition: string;
  json: string;
  fingerprint: number;
}

/** Rows of one table as the body of an insert. */
export function linesOf(rows: readonly Pick<TelemetryRow, "json">[]): Buffer[] {
  return [Buffer.from(`${rows.map(({ json }) => json).join("\n")}\n`)];
}

export function columnsOf(table: RowTable): readonly string[] {
  return Object.keys(TABLES[table]);
}

/** `record` is the decision's text as received, so that its hash can be verified against it. */
export function decisionRow(project: string, decision: Decision, record: string, receipt: Receipt): TelemetryRow {
  return {
    table: "decisions",
    partition: decision.time.slice(0, 7),
    json: rowJson(DECISIONS, { project, decision, record, ...receiptOf(receipt) }),
    fingerprint: fingerprintOf(decision.taskId, decision.seq),
  };
}

export function logRow(log: LogRecord, receipt: Receipt): TelemetryRow {
  return {
    table: "logs",
    partition: nanosText(log.timeUnixNano).slice(0, 10),
    json: rowJson(LOGS, { log, ...receiptOf(receipt) }),
    fingerprint: fingerprintOf(digestOf(log)),
  };
}

export function metricPointRow(point: MetricPoint, receipt: Receipt): TelemetryRow {
  return {
    table: "metric_points",
    partition: nanosText(point.timeUnixNano).slice(0, 10),
    json: rowJson(METRIC_POINTS, { point, ...receiptOf(receipt) }),
    fingerprint: fingerprintOf(seriesOf(point), point.timeUnixNano, point.startTimeUnixNano),
  };
}

export function scoreRow(score: Score, receipt: Receipt = NOBODY): TelemetryRow {
  const { traceId, spanId, name, scorer, feedback } = score;
  return {
    table: "scores",
    partition: "",
    json: rowJson(SCORES, { score, ...receiptOf(receipt) }),
    fingerprint: fingerprintOf(traceId, spanId ?? "", name, scorer, ...(feedback === undefined ? [] : [feedback.id])),
  };
}

export function rejectedRow(rejected: RejectedRecord, receivedAtUs: number): TelemetryRow {
  return {
    table: "rejected",
    partition: microsText(receivedAtUs).slice(0, 10),
    json: rowJson(REJECTED, { rejected, receivedAtUs }),
    fingerprint: 0,
  };
}

/** A receipt may be a whole request: picks the two fields that are needed. */
function receiptOf({ source, receivedAtUs }: Receipt): Receipt {
  return { source, receivedAtUs };
}

/** JSON writes a lone surrogate as an escape that the store refuses: only rows that may contain one are serialised again without it. */
const LONE_SURROGATE = /\\ud[89a-f]/;

function rowJson<T>(columns: Columns<T>, from: T): string {
  const values = Object.values(columns).map((read) => read(from));
  const json = JSON.stringify(values);
  return LONE_SURROGATE.test(json) ? JSON.stringify(wellFormed(values)) : json;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [wellFormed(key), wellFormed(member)]));
}

/** The identity of a time series, independent of the order in which attributes arrive. */
function seriesOf({ metric, type, unit, temporality, isMonotonic, scope, attributes, resourceAttributes }: MetricPoint): string {
  const sorted = [attributes, resourceAttributes].map((some) => Object.entries(some).sort(([a], [b]) => (a < b ? -1 : 1)));
  return digestOf([metric, type, unit, temporality, isMonotonic, scope, sorted]);
}

/** The first half of the SHA-256 (hex) of a record's text: equal for a record sent twice. */
function digestOf(record: object): string {
  return sha256(JSON.stringify(record)).slice(0, 32);
}

/** Decimal nanoseconds since 1970 as text for a DateTime64(9). */
function nanosText(nanos: string): string {
  const all = BigInt(nanos);
  const seconds = all / 1_000_000_000n;
  return `${secondsText(Number(seconds))}.${String(all - seconds * 1_000_000_000n).padStart(9, "0")}`;
}

function microsText(micros: number): string {
  return `${secondsText(Math.floor(micros / 1_000_000))}.${String(micros % 1_000_000).padStart(6, "0")}`;
}

function secondsText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 19).replace("T", " ");
}

/** An ISO 8601 time, UTC, as text for a DateTime64(3). */
function isoText(iso: string): string {
  return new Date(iso).toISOString().slice(0, 23).replace("T", " ");
}
