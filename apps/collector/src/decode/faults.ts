import type { Origin, OtlpLogRecord, OtlpSpan } from "./otlp.ts";

/** Why a record of a well-formed request cannot be stored; each is a label of the metric and a sentence for the sender. */
export const FAULTS = {
  bad_trace_id: "the trace id is not 16 bytes with one of them not zero",
  bad_span_id: "the span id is not 8 bytes with one of them not zero",
  bad_parent_span_id: "the parent span id is neither empty nor 8 bytes",
  bad_start_time: "the time is before the year 2000 or more than ten years ahead (it is in nanoseconds since 1970)",
  bad_end_time: "the span ends before it starts, or more than ten years ahead",
  resource_too_large: "the resource has more than 64 KiB of attributes, and every one of its records would carry them",
  unreadable_part: "the part is neither a run, a field of one, an attachment nor feedback, or it is no JSON",
} as const;

/** A name out of `FAULTS`. */
export type Fault = keyof typeof FAULTS;

/** The store has one partition per day: times far out are a wrong unit or a broken clock, and each would cost a partition of its own. */
const EARLIEST_NANOS = BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n;
const AHEAD_MAX_NANOS = 10n * 366n * 86_400n * 1_000_000_000n;

const RESOURCE_CHARS_MAX = 65_536;

/**
 * What keeps a span from being stored, or null. The same record received at the same time has always the same fault. `receivedAtUs` is
 * microseconds since 1970.
 */
export function faultOfSpan(span: OtlpSpan, receivedAtUs: number): Fault | null {
  if (!isId(span.traceId, 32)) return "bad_trace_id";
  if (!isId(span.spanId, 16)) return "bad_span_id";
  if (span.parentSpanId !== "" && !isHex(span.parentSpanId, 16)) return "bad_parent_span_id";
  if (!isStorableTime(span.startTimeUnixNano, receivedAtUs)) return "bad_start_time";
  if (span.endTimeUnixNano < span.startTimeUnixNano || !isStorableTime(span.endTimeUnixNano, receivedAtUs)) return "bad_end_time";
  return faultOfResource(span.origin);
}

/** What keeps a log record from being stored, or null. A record needs no ids, but ids that it has must be whole. */
export function faultOfLogRecord(record: OtlpLogRecord, receivedAtUs: number): Fault | null {
  if (record.traceId !== "" && !isHex(record.traceId, 32)) return "bad_trace_id";
  if (record.spanId !== "" && !isHex(record.spanId, 16)) return "bad_span_id";
  const time = timeOfLogRecord(record);
  if (time !== 0n && !isStorableTime(time, receivedAtUs)) return "bad_start_time";
  return faultOfResource(record.origin);
}

/** When a log record's event happened, or was seen, in nanoseconds; 0 where the sender told neither. */
export function timeOfLogRecord(record: OtlpLogRecord): bigint {
  return record.timeUnixNano === 0n ? record.observedTimeUnixNano : record.timeUnixNano;
}

function isStorableTime(nanos: bigint, receivedAtUs: number): boolean {
  return nanos >= EARLIEST_NANOS && nanos <= BigInt(receivedAtUs) * 1_000n + AHEAD_MAX_NANOS;
}

function isId(id: string, digits: number): boolean {
  return isHex(id, digits) && !/^0*$/.test(id);
}

function isHex(id: string, digits: number): boolean {
  return id.length === digits && /^[0-9a-f]*$/.test(id);
}

const resourceFaults = new WeakMap<Origin["resource"], Fault | null>();

/** Weighed once per resource: its spans share the object. */
function faultOfResource({ resource }: Origin): Fault | null {
  const known = resourceFaults.get(resource);
  if (known !== undefined) return known;
  let chars = 0;
  for (const [key, value] of resource) chars += key.length + JSON.stringify(value).length;
  const fault = chars > RESOURCE_CHARS_MAX ? "resource_too_large" : null;
  resourceFaults.set(resource, fault);
  return fault;
}
