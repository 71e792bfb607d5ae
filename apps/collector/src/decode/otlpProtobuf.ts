import {
  type Attributes,
  type AttributeValue,
  emptyEvent,
  emptyLink,
  emptyLogRecord,
  emptyOrigin,
  emptySpan,
  type Origin,
  type OtlpEvent,
  type OtlpLink,
  type OtlpLogRecord,
  type OtlpSpan,
} from "./otlp.ts";
import {
  base64,
  bool,
  child,
  double,
  enumeration,
  type Field,
  hex,
  integer,
  nanos,
  readMessage,
  type Schema,
  schema,
  text,
} from "./protobufSchema.ts";

// The messages of opentelemetry-proto 1.11, with the fields that we keep. Field numbers are the wire contract: they never change their
// meaning.

interface Holder {
  value: AttributeValue;
}
interface Pair extends Holder {
  key: string;
}
type Struct = { [key: string]: AttributeValue };
type Attributed = { attributes: Attributes };

const emptyHolder = (): Holder => ({ value: null });
const emptyPair = (): Pair => ({ key: "", value: null });
/** An object without a prototype, so that a key named `__proto__` is a key like any other. */
const emptyStruct = (): Struct => Object.create(null) as Struct;
const keep = (holder: Holder, value: AttributeValue): void => {
  holder.value = value;
};

const ANY_VALUE: Schema<Holder> = schema<Holder>({
  1: text("value"),
  2: bool("value"),
  3: integer("value"),
  4: double("value"),
  5: child(
    () => ARRAY_VALUE,
    (): AttributeValue[] => [],
    keep,
  ),
  6: child(() => KEY_VALUE_LIST, emptyStruct, keep),
  7: base64("value"),
});

const ARRAY_VALUE = schema<AttributeValue[]>({
  1: child(
    () => ANY_VALUE,
    emptyHolder,
    (list, element) => list.push(element.value),
  ),
});

const KEY_VALUE = schema<Pair>({
  1: text("key"),
  2: child(
    () => ANY_VALUE,
    (pair) => pair,
  ),
});

const KEY_VALUE_LIST = schema<Struct>({
  1: child(
    () => KEY_VALUE,
    emptyPair,
    (struct, { key, value }) => {
      struct[key] = value;
    },
  ),
});

export const attribute = child<Attributed, Pair>(
  () => KEY_VALUE,
  emptyPair,
  ({ attributes }, { key, value }) => attributes.set(key, value),
);

const RESOURCE = schema<Attributed>({ 1: attribute });
const SCOPE = schema<Origin>({ 1: text("scope") });

const EVENT = schema<OtlpEvent>({ 1: nanos("timeUnixNano"), 2: text("name"), 3: attribute });
const LINK = schema<OtlpLink>({ 1: hex("traceId"), 2: hex("spanId"), 4: attribute });
const STATUS = schema<OtlpSpan>({ 2: text("statusMessage"), 3: enumeration("statusCode") });

const SPAN = schema<OtlpSpan>({
  1: hex("traceId"),
  2: hex("spanId"),
  4: hex("parentSpanId"),
  5: text("name"),
  7: nanos("startTimeUnixNano"),
  8: nanos("endTimeUnixNano"),
  9: attribute,
  11: child(
    () => EVENT,
    emptyEvent,
    (span, event) => span.events.push(event),
  ),
  13: child(
    () => LINK,
    emptyLink,
    (span, link) => span.links.push(link),
  ),
  15: child(
    () => STATUS,
    (span) => span,
  ),
});

const LOG_RECORD = schema<OtlpLogRecord>({
  1: nanos("timeUnixNano"),
  3: text("severity"),
  5: child(
    () => ANY_VALUE,
    emptyHolder,
    (record, body) => {
      record.body = body.value;
    },
  ),
  6: attribute,
  9: hex("traceId"),
  10: hex("spanId"),
  11: nanos("observedTimeUnixNano"),
  12: text("eventName"),
});

/** The state of reading a request: its records in one list, each with its origin. The signals differ only in the type of record. */
export interface Records<R> {
  records: R[];
  resource: Attributes;
  origin: Origin;
}

/** The schema of a request, given the field of its records. */
export function requestSchema<R>(record: Field<Records<R>>): Schema<Records<R>> {
  const scopeRecords = schema<Records<R>>({
    1: child(
      () => SCOPE,
      ({ origin }) => origin,
    ),
    2: record,
  });
  const resourceRecords = schema<Records<R>>({
    1: child(
      () => RESOURCE,
      ({ resource }) => ({ attributes: resource }),
    ),
    2: child(
      () => scopeRecords,
      ({ records, resource }) => ({ records, resource, origin: emptyOrigin(resource) }),
    ),
  });
  return schema<Records<R>>({
    1: child(
      () => resourceRecords,
      ({ records }) => emptyRecords(records),
    ),
  });
}

function recordOf<R>(of: Schema<R>, emptyRecord: (origin: Origin) => R): Field<Records<R>> {
  return child(
    () => of,
    ({ origin }) => emptyRecord(origin),
    ({ records }, filled) => records.push(filled),
  );
}

export function emptyRecords<R>(records: R[]): Records<R> {
  const resource: Attributes = new Map();
  return { records, resource, origin: emptyOrigin(resource) };
}

const TRACES_REQUEST = requestSchema(recordOf(SPAN, emptySpan));
const LOGS_REQUEST = requestSchema(recordOf(LOG_RECORD, emptyLogRecord));

/** The spans of an ExportTraceServiceRequest. Throws `MalformedBody`. */
export function spansOfProtobuf(body: Buffer): OtlpSpan[] {
  return readMessage(body, TRACES_REQUEST, emptyRecords<OtlpSpan>([])).records;
}

/** The span of a Span message. Throws `MalformedBody`. */
export function spanOfProtobuf(bytes: Buffer, origin: Origin): OtlpSpan {
  return readMessage(bytes, SPAN, emptySpan(origin));
}

/** The value of an AnyValue message. Throws `MalformedBody`. */
export function anyValueOfProtobuf(bytes: Buffer): AttributeValue {
  return readMessage(bytes, ANY_VALUE, emptyHolder()).value;
}

/** The log records of an ExportLogsServiceRequest. Throws `MalformedBody`. */
export function logRecordsOfProtobuf(body: Buffer): OtlpLogRecord[] {
  return readMessage(body, LOGS_REQUEST, emptyRecords<OtlpLogRecord>([])).records;
}
