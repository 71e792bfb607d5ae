import protobuf from "protobufjs/minimal.js";
import type { AnyValueJson, KeyValueJson, SpanJson } from "./otlpBuilders.ts";

type Write = (writer: protobuf.Writer) => void;

/** The ExportTraceServiceRequest of `tracesRequest(spans)`, in protobuf instead of JSON. */
export function tracesProtobuf(spans: readonly SpanJson[], serviceName = "test"): Buffer {
  const writer = protobuf.Writer.create();
  child(writer, 1, (resourceSpans) => {
    child(resourceSpans, 1, (resource) => keyValues(resource, 1, [{ key: "service.name", value: { stringValue: serviceName } }]));
    child(resourceSpans, 2, (scopeSpans) => {
      child(scopeSpans, 1, (scope) => scope.uint32(10).string("tests"));
      for (const span of spans) child(scopeSpans, 2, (into) => writeSpan(into, span));
    });
  });
  return Buffer.from(writer.finish());
}

function writeSpan(writer: protobuf.Writer, span: SpanJson): void {
  writer.uint32(10).bytes(Buffer.from(span.traceId, "hex")).uint32(18).bytes(Buffer.from(span.spanId, "hex"));
  if (span.parentSpanId !== undefined) writer.uint32(34).bytes(Buffer.from(span.parentSpanId, "hex"));
  writer.uint32(42).string(span.name);
  fixed64(writer, 7, span.startTimeUnixNano);
  fixed64(writer, 8, span.endTimeUnixNano);
  keyValues(writer, 9, span.attributes);
  for (const event of span.events ?? []) {
    child(writer, 11, (into) => {
      fixed64(into, 1, event.timeUnixNano);
      into.uint32(18).string(event.name);
      keyValues(into, 3, event.attributes);
    });
  }
  const { status } = span;
  if (status !== undefined)
    child(writer, 15, (into) =>
      into
        .uint32(18)
        .string(status.message ?? "")
        .uint32(24)
        .int32(status.code ?? 0),
    );
}

function keyValues(writer: protobuf.Writer, field: number, pairs: readonly KeyValueJson[]): void {
  for (const { key, value } of pairs) {
    child(writer, field, (into) => {
      into.uint32(10).string(key);
      child(into, 2, (any) => anyValue(any, value));
    });
  }
}

function anyValue(writer: protobuf.Writer, value: AnyValueJson): void {
  if ("stringValue" in value) writer.uint32(10).string(value.stringValue);
  else if ("boolValue" in value) writer.uint32(16).bool(value.boolValue);
  else if ("intValue" in value) writer.uint32(24).int64(String(value.intValue) as unknown as number);
  else if ("doubleValue" in value) writer.uint32(33).double(value.doubleValue);
  else if ("bytesValue" in value) writer.uint32(58).bytes(Buffer.from(value.bytesValue, "base64"));
  else if ("arrayValue" in value) child(writer, 5, (list) => elements(list, value.arrayValue.values));
  else child(writer, 6, (list) => keyValues(list, 1, value.kvlistValue.values));
}

function elements(writer: protobuf.Writer, values: readonly AnyValueJson[]): void {
  for (const value of values) child(writer, 1, (into) => anyValue(into, value));
}

function child(writer: protobuf.Writer, field: number, write: Write): void {
  write(writer.uint32((field << 3) | 2).fork());
  writer.ldelim();
}

function fixed64(writer: protobuf.Writer, field: number, value: string): void {
  const all = BigInt(value);
  writer
    .uint32((field << 3) | 1)
    .fixed32(Number(all & 0xffff_ffffn))
    .fixed32(Number(all >> 32n));
}
