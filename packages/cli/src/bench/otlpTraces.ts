import protobuf from "protobufjs";

/** The messages of opentelemetry-proto (trace/v1, common/v1, resource/v1), limited to the fields that the generator fills. */
const PROTO = `
syntax = "proto3";
message TracesRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9; repeated Event events = 11; Status status = 15;
}
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue {
  oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; }
}
message ArrayValue { repeated AnyValue values = 1; }
`;

const TRACES_REQUEST = protobuf.parse(PROTO).root.lookupType("TracesRequest");

/** A 64-bit integer as protobufjs represents it. */
interface Long {
  low: number;
  high: number;
  unsigned: boolean;
  toString(): string;
}

/** `value` names the member that is set; the others have their defaults. */
interface AnyValue {
  value?: "stringValue" | "boolValue" | "intValue" | "doubleValue" | "arrayValue";
  stringValue: string;
  boolValue: boolean;
  intValue: Long;
  doubleValue: number;
  arrayValue: { values: AnyValue[] };
}

export interface KeyValue {
  key: string;
  value: AnyValue;
}

/** A span as protobufjs decodes it. */
export interface DecodedSpan {
  traceId: Buffer;
  spanId: Buffer;
  parentSpanId: Buffer;
  name: string;
  kind: number;
  startTimeUnixNano: Long;
  endTimeUnixNano: Long;
  attributes: KeyValue[];
  events: { timeUnixNano: Long; name: string; attributes: KeyValue[] }[];
  status: { message: string; code: number } | null;
}

export interface TracesRequest {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { scope: { name: string; version: string }; spans: DecodedSpan[] }[];
  }[];
}

/** Decodes an ExportTraceServiceRequest the conventional way: with protobufjs, into objects. Throws where it is malformed. */
export function decodeTraces(body: Uint8Array): TracesRequest {
  return TRACES_REQUEST.decode(body) as unknown as TracesRequest;
}

/** An attribute's value as a JavaScript value; 64-bit integers become numbers. */
export function plainValue(any: AnyValue): unknown {
  if (any.value === "arrayValue") return any.arrayValue.values.map(plainValue);
  if (any.value === "intValue") return Number(any.intValue);
  return any.value && any[any.value];
}
