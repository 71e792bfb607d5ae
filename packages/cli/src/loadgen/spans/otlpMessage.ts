import protobuf from "protobufjs/minimal.js";
import type { Attribute, AttributeValue } from "./spanDialects.ts";

/** Nanoseconds below 2^53, so these are relative times. */
type Nanos = number;

/** A span to be encoded in OTLP. Ids are bytes; without a parent it is a root. */
export interface SpanMessage {
  traceId: Uint8Array;
  spanId: Uint8Array;
  parentSpanId: Uint8Array | undefined;
  name: string;
  startNs: Nanos;
  endNs: Nanos;
  attributes: readonly Attribute[];
  /** The error of a failed span: it becomes the status and an exception event at the span's end. */
  failure: string | undefined;
}

/** The spans of one instrumentation library. */
export interface ScopeSpans {
  scope: { name: string; version: string };
  spans: readonly SpanMessage[];
}

const KIND_CLIENT = 3;
const STATUS_ERROR = 2;

/** The tag of a length-delimited field. */
const tag = (field: number): number => (field << 3) | 2;

/** Encodes an ExportTraceServiceRequest of one resource (opentelemetry-proto, trace/v1 and collector/trace/v1) in protobuf. */
export function encodeTraces(resource: readonly Attribute[], scopes: readonly ScopeSpans[]): Uint8Array {
  const writer = protobuf.Writer.create();
  message(writer, 1, () => {
    message(writer, 1, () => keyValues(writer, 1, resource));
    for (const { scope, spans } of scopes) {
      message(writer, 2, () => {
        message(writer, 1, () => writer.uint32(tag(1)).string(scope.name).uint32(tag(2)).string(scope.version));
        for (const span of spans) message(writer, 2, () => writeSpan(writer, span));
      });
    }
  });
  return writer.finish();
}

/** The encoded size of a span inside a request, in bytes. */
export function spanBytes(span: SpanMessage): number {
  const writer = protobuf.Writer.create();
  message(writer, 2, () => writeSpan(writer, span));
  return writer.len;
}

function writeSpan(writer: protobuf.Writer, span: SpanMessage): void {
  writer.uint32(tag(1)).bytes(span.traceId).uint32(tag(2)).bytes(span.spanId);
  if (span.parentSpanId !== undefined) writer.uint32(tag(4)).bytes(span.parentSpanId);
  writer
    .uint32(tag(5))
    .string(span.name)
    .uint32(6 << 3)
    .int32(KIND_CLIENT);
  time(writer, 7, span.startNs);
  time(writer, 8, span.endNs);
  keyValues(writer, 9, span.attributes);
  const { failure } = span;
  if (failure === undefined) return;
  message(writer, 11, () => {
    time(writer, 1, span.endNs);
    writer.uint32(tag(2)).string("exception");
    keyValues(writer, 3, [["exception.message", failure]]);
  });
  message(writer, 15, () =>
    writer
      .uint32(tag(2))
      .string(failure)
      .uint32(3 << 3)
      .int32(STATUS_ERROR),
  );
}

function keyValues(writer: protobuf.Writer, field: number, attributes: readonly Attribute[]): void {
  for (const [key, value] of attributes) {
    message(writer, field, () => {
      writer.uint32(tag(1)).string(key);
      message(writer, 2, () => anyValue(writer, value));
    });
  }
}

function anyValue(writer: protobuf.Writer, value: AttributeValue): void {
  if (typeof value === "string") writer.uint32(tag(1)).string(value);
  else if (typeof value !== "number") message(writer, 5, () => value.map((text) => message(writer, 1, () => anyValue(writer, text))));
  else if (Number.isInteger(value)) writer.uint32(3 << 3).int64(value);
  else writer.uint32((4 << 3) | 1).double(value);
}

function message(writer: protobuf.Writer, field: number, write: () => unknown): void {
  writer.uint32(tag(field)).fork();
  write();
  writer.ldelim();
}

function time(writer: protobuf.Writer, field: number, nanos: Nanos): void {
  writer
    .uint32((field << 3) | 1)
    .fixed32(nanos % 2 ** 32)
    .fixed32(Math.floor(nanos / 2 ** 32));
}
