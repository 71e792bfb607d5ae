import { encodeTraces } from "./encodeTraces.ts";
import type { Origin, OtlpLogRecord, OtlpSpan } from "./otlp.ts";
import type { OtlpMetricPoint } from "./otlpMetrics.ts";
import { type OriginScan, type SpanScan, scanTraces } from "./scan/index.ts";

/** Reasons why a record of a well-formed request cannot be stored. Each name is a label of the metric; each sentence is for the sender. */
export const FAULTS = {
  no_span: "it has neither a trace id nor a span id: it is no span, or a field of it has a wrong type",
  bad_trace_id: "the trace id is not 16 bytes with one of them not zero",
  bad_span_id: "the span id is not 8 bytes with one of them not zero",
  bad_parent_span_id: "the parent span id is neither empty nor 8 bytes",
  bad_start_time: "the time is before the year 2000 or more than ten years ahead (it is in nanoseconds since 1970)",
  bad_end_time: "the span ends before it starts, or more than ten years ahead",
  no_metric_name: "the metric has no name",
  no_value: "the data point has no value",
  bad_buckets: "the histogram's buckets are not one more than its bounds, or its bounds do not ascend",
  bad_envelope: "the envelope is not as Application Insights writes it",
  unknown_telemetry: "telemetry of this kind is not taken",
  resource_too_large: "the resource has more than 64 KiB of attributes, and every one of its records would carry them",
  unreadable_part: "the part is neither a run, a field of one, an attachment nor feedback, or it is no JSON",
} as const;

/** One of the names in `FAULTS`. */
export type Fault = keyof typeof FAULTS;

/** The store has one partition per day. Times far away mean a wrong unit or a broken clock, and each would cost a partition of its own. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const AHEAD_MAX_MS = 10 * 366 * 86_400 * 1_000;

const RESOURCE_BYTES_MAX = 65_536;

const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;

/**
 * The fault that keeps a span from being stored, or null. The same span received at the same time always has the same fault. `receivedAtUs`
 * is microseconds since 1970.
 */
export function faultOfSpan(span: SpanScan, origin: OriginScan, receivedAtUs: number): Fault | null {
  const { bytes } = span;
  if (span.traceIdStart === span.traceIdEnd && span.spanIdStart === span.spanIdEnd) return "no_span";
  if (!isIdAt(bytes, span.traceIdStart, span.traceIdEnd, TRACE_ID_BYTES)) return "bad_trace_id";
  if (!isIdAt(bytes, span.spanIdStart, span.spanIdEnd, SPAN_ID_BYTES)) return "bad_span_id";
  const parentBytes = span.parentEnd - span.parentStart;
  if (parentBytes !== 0 && parentBytes !== SPAN_ID_BYTES) return "bad_parent_span_id";
  if (span.startTimeAt === -1 || !isStorableMs(msAt(bytes, span.startTimeAt), receivedAtUs)) return "bad_start_time";
  if (span.endTimeAt === -1 || isEarlier(bytes, span.endTimeAt, span.startTimeAt)) return "bad_end_time";
  if (!isStorableMs(msAt(bytes, span.endTimeAt), receivedAtUs)) return "bad_end_time";
  return origin.resourceBytes > RESOURCE_BYTES_MAX ? "resource_too_large" : null;
}

/** The fault of each span of a traces request in protobuf, in order. Throws `MalformedBody`. */
export function faultsOfTraces(body: Buffer, receivedAtUs: number): (Fault | null)[] {
  const faults: (Fault | null)[] = [];
  let from: OriginScan;
  scanTraces(body, {
    origin(origin) {
      from = origin;
    },
    span(span) {
      faults.push(faultOfSpan(span, from, receivedAtUs));
    },
  });
  return faults;
}

/** `faultOfSpan` for a span from another encoding. */
export function faultOfDecodedSpan(span: OtlpSpan, receivedAtUs: number): Fault | null {
  return faultsOfTraces(encodeTraces([span]), receivedAtUs)[0] ?? null;
}

/** The fault that keeps a log record from being stored, or null. A record needs no ids, but those that it has must be valid. */
export function faultOfLogRecord(record: OtlpLogRecord, receivedAtUs: number): Fault | null {
  if (record.traceId !== "" && !isHex(record.traceId, 32)) return "bad_trace_id";
  if (record.spanId !== "" && !isHex(record.spanId, 16)) return "bad_span_id";
  const time = timeOfLogRecord(record);
  if (time !== 0n && !isStorableMs(msOf(time), receivedAtUs)) return "bad_start_time";
  return faultOfResource(record.origin);
}

/** The fault that keeps a metric's data point from being stored, or null. */
export function faultOfMetricPoint(point: OtlpMetricPoint, receivedAtUs: number): Fault | null {
  if (point.metric.name === "") return "no_metric_name";
  if (!isStorableMs(msOf(point.timeUnixNano), receivedAtUs)) return "bad_start_time";
  if (point.startTimeUnixNano !== 0n && !isStorableMs(msOf(point.startTimeUnixNano), receivedAtUs)) return "bad_start_time";
  const needsValue = (point.type === "gauge" || point.type === "sum") && (point.flags & NO_RECORDED_VALUE) === 0;
  if (needsValue && point.value === null) return "no_value";
  if (!haveBucketsBounds(point)) return "bad_buckets";
  return faultOfResource(point.origin);
}

/** Bit of DataPointFlags: there is no recorded value, because the series ended or nothing was measured. */
const NO_RECORDED_VALUE = 1;

function haveBucketsBounds({ bucketCounts, explicitBounds }: OtlpMetricPoint): boolean {
  const ascend = explicitBounds.every((bound, index) => index === 0 || Number(bound) > Number(explicitBounds[index - 1]));
  return ascend && (bucketCounts.length === 0 ? explicitBounds.length === 0 : bucketCounts.length === explicitBounds.length + 1);
}

/** The time of a log record's event, or of its observation, in nanoseconds since 1970; 0 if the sender gave neither. */
export function timeOfLogRecord(record: OtlpLogRecord): bigint {
  return record.timeUnixNano === 0n ? record.observedTimeUnixNano : record.timeUnixNano;
}

function msOf(nanos: bigint): number {
  return Number(nanos / 1_000_000n);
}

function isStorableMs(ms: number, receivedAtUs: number): boolean {
  return ms >= EARLIEST_MS && ms <= receivedAtUs / 1_000 + AHEAD_MAX_MS;
}

/** Reads nanoseconds at an offset as milliseconds since 1970. */
export function msAt(bytes: Buffer, at: number): number {
  return (bytes.readUInt32LE(at + 4) * 2 ** 32 + bytes.readUInt32LE(at)) / 1e6;
}

/** Whether the time at one offset is before the time at another, to the nanosecond. */
function isEarlier(bytes: Buffer, at: number, otherAt: number): boolean {
  const [high, otherHigh] = [bytes.readUInt32LE(at + 4), bytes.readUInt32LE(otherAt + 4)];
  return high === otherHigh ? bytes.readUInt32LE(at) < bytes.readUInt32LE(otherAt) : high < otherHigh;
}

/** Whether an id has the right length and is not all zero. */
function isIdAt(bytes: Buffer, start: number, end: number, length: number): boolean {
  if (end - start !== length) return false;
  for (let at = start; at < end; at += 1) if (bytes[at] !== 0) return true;
  return false;
}

function isHex(id: string, digits: number): boolean {
  return id.length === digits && /^[0-9a-f]*$/.test(id);
}

const resourceFaults = new WeakMap<Origin["resource"], Fault | null>();

/** Computed once per resource: its spans share the object. */
function faultOfResource({ resource }: Origin): Fault | null {
  const known = resourceFaults.get(resource);
  if (known !== undefined) return known;
  let chars = 0;
  for (const [key, value] of resource) chars += key.length + JSON.stringify(value).length;
  const fault = chars > RESOURCE_BYTES_MAX ? "resource_too_large" : null;
  resourceFaults.set(resource, fault);
  return fault;
}
