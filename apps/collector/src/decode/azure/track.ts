import { type Fault, faultOfDecodedSpan, faultOfLogRecord, faultOfMetricPoint } from "../faults.ts";
import { type JsonObject, parseJsonObjects } from "../jsonBody.ts";
import { MalformedBody, POINTS_MAX, requireAtMost } from "../malformedBody.ts";
import type { OtlpLogRecord, OtlpSpan } from "../otlp.ts";
import type { OtlpMetricPoint } from "../otlpMetrics.ts";
import { type Envelope, envelopeOf } from "./envelopes.ts";
import { logRecordOf } from "./logRecordOf.ts";
import { metricPointsOf } from "./metricPointsOf.ts";
import { Origins, tellsResource } from "./origins.ts";
import { spanOf } from "./spanOf.ts";

/** The content of a track item. `nothing` describes other items and is no record itself; a refused `item` is without its key. */
type Content =
  | { kind: "span"; span: OtlpSpan }
  | { kind: "log"; log: OtlpLogRecord }
  | { kind: "point"; point: OtlpMetricPoint }
  | { kind: "nothing" }
  | { kind: "refused"; fault: Fault; detail: string; item: JsonObject };

/** A record of a request with the position of its item. A metrics item has one record per data point; every item has at least one. */
export type TrackRecord = Content & { index: number };

/** The most items in one request; exporters send some hundreds at once. */
export const ITEMS_MAX = 20_000;

/**
 * The records of an uncompressed request to Application Insights' track endpoint, in the order of its items, checked for form only (the
 * protocol is documented nowhere but in its exporters' source). Throws `MalformedBody`.
 */
export function decodeTrack(body: Buffer): TrackRecord[] {
  const origins = new Origins();
  const records: TrackRecord[] = [];
  for (const [index, item] of parseJsonObjects(body, ITEMS_MAX).entries()) {
    for (const content of readItem(item, origins)) records.push({ ...content, index });
    requireAtMost(records.length, POINTS_MAX, "data points in one request");
  }
  return records;
}

/** The fault that keeps a record from being stored, or null. */
export function faultOfTrackRecord(record: TrackRecord, receivedAtUs: number): Fault | null {
  switch (record.kind) {
    case "span":
      return faultOfDecodedSpan(record.span, receivedAtUs);
    case "log":
      return faultOfLogRecord(record.log, receivedAtUs);
    case "point":
      return faultOfMetricPoint(record.point, receivedAtUs);
    case "nothing":
      return null;
    case "refused":
      return record.fault;
  }
}

/** Reads one item. An unreadable one is refused alone, not with those beside it. */
function readItem(item: JsonObject, origins: Origins): Content[] {
  try {
    return contentsOf(envelopeOf(item), origins, item);
  } catch (error) {
    if (!(error instanceof MalformedBody)) throw error;
    return [{ kind: "refused", fault: "bad_envelope", detail: error.message, item: withoutKey(item) }];
  }
}

/**
 * The item without its instrumentation key: whoever has the key can send in its owner's name, so it is not stored. Older SDKs put the key
 * into the name as well; the name says no more than the kind of data does.
 */
function withoutKey({ iKey: _key, name: _name, ...item }: JsonObject): JsonObject {
  return item;
}

function contentsOf(envelope: Envelope, origins: Origins, item: JsonObject): Content[] {
  if (tellsResource(envelope)) {
    origins.learn(envelope);
    return [{ kind: "nothing" }];
  }
  const origin = origins.originOf(envelope);
  switch (envelope.baseType) {
    case "RequestData":
    case "RemoteDependencyData":
      return [{ kind: "span", span: spanOf(envelope, origin) }];
    case "MessageData":
    case "EventData":
    case "ExceptionData":
      return [{ kind: "log", log: logRecordOf(envelope, origin) }];
    case "MetricData": {
      const points = metricPointsOf(envelope, origin);
      return points.length === 0 ? [{ kind: "nothing" }] : points.map((point) => ({ kind: "point", point }));
    }
    default:
      return [{ kind: "refused", fault: "unknown_telemetry", detail: envelope.baseType, item: withoutKey(item) }];
  }
}
