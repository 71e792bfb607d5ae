import protobuf from "protobufjs/minimal.js";
import type { AttributeValue, OtlpSpan } from "./otlp.ts";

type Write = (writer: protobuf.Writer) => void;

/** Stands for an id that is not valid hex: too short for any id, so the span is refused for it. */
const NO_ID = new Uint8Array(1);

/**
 * Encodes decoded spans, from whatever protocol, as an ExportTraceServiceRequest of opentelemetry-proto 1.11 in protobuf, so that one
 * engine reads them all. Keeps their order.
 */
export function encodeTraces(spans: readonly OtlpSpan[]): Buffer {
  const writer = protobuf.Writer.create();
  for (const ofResource of runsOf(spans, ({ origin }) => origin.resource)) {
    message(writer, 1, (resourceSpans) => {
      message(resourceSpans, 1, (resource) => keyValues(resource, 1, ofResource.key));
      for (const ofScope of runsOf(ofResource.spans, ({ origin }) => origin)) {
        message(resourceSpans, 2, (scopeSpans) => {
          message(scopeSpans, 1, (scope) => text(scope, 1, ofScope.key.scope));
          for (const span of ofScope.spans) message(scopeSpans, 2, (into) => writeSpan(into, span));
        });
      }
    });
  }
  const encoded = writer.finish();
  return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
}

/** Consecutive spans with the same `keyOf`, in order. */
function* runsOf<K>(spans: readonly OtlpSpan[], keyOf: (span: OtlpSpan) => K): Generator<{ key: K; spans: OtlpSpan[] }> {
  let run: { key: K; spans: OtlpSpan[] } | null = null;
  for (const span of spans) {
    const key = keyOf(span);
    if (run !== null && run.key !== key) {
      yield run;
      run = null;
    }
    run ??= { key, spans: [] };
    run.spans.push(span);
  }
  if (run !== null) yield run;
}

function writeSpan(writer: protobuf.Writer, span: OtlpSpan): void {
  writer.uint32(10).bytes(idBytes(span.traceId)).uint32(18).bytes(idBytes(span.spanId)).uint32(34).bytes(idBytes(span.parentSpanId));
  text(writer, 5, span.name);
  fixed64(writer, 7, span.startTimeUnixNano);
  fixed64(writer, 8, span.endTimeUnixNano);
  keyValues(writer, 9, span.attributes);
  for (const event of span.events) {
    message(writer, 11, (into) => {
      fixed64(into, 1, event.timeUnixNano);
      text(into, 2, event.name);
      keyValues(into, 3, event.attributes);
    });
  }
  for (const link of span.links) {
    message(writer, 13, (into) => {
      into.uint32(10).bytes(idBytes(link.traceId)).uint32(18).bytes(idBytes(link.spanId));
      keyValues(into, 4, link.attributes);
    });
  }
  message(writer, 15, (status) => text(status, 2, span.statusMessage).uint32(24).int32(span.statusCode));
}

function keyValues(writer: protobuf.Writer, field: number, pairs: Iterable<[string, AttributeValue]>): void {
  for (const [key, value] of pairs) {
    message(writer, field, (pair) => {
      text(pair, 1, key);
      message(pair, 2, (any) => anyValue(any, value));
    });
  }
}

function anyValue(writer: protobuf.Writer, value: AttributeValue): void {
  if (typeof value === "string") text(writer, 1, value);
  else if (typeof value === "boolean") writer.uint32(16).bool(value);
  else if (typeof value === "number" && Number.isSafeInteger(value)) writer.uint32(24).int64(value);
  else if (typeof value === "number") writer.uint32(33).double(value);
  else if (Array.isArray(value)) message(writer, 5, (list) => elements(list, value));
  else if (value !== null) message(writer, 6, (list) => keyValues(list, 1, Object.entries(value)));
}

function elements(writer: protobuf.Writer, values: readonly AttributeValue[]): void {
  for (const value of values) message(writer, 1, (any) => anyValue(any, value));
}

function message(writer: protobuf.Writer, field: number, write: Write): void {
  write(writer.uint32((field << 3) | 2).fork());
  writer.ldelim();
}

/** A text field. An unpaired surrogate, which JSON can hold, is not valid UTF-8: it becomes a replacement character. */
function text(writer: protobuf.Writer, field: number, value: string): protobuf.Writer {
  return writer.uint32((field << 3) | 2).string(value.toWellFormed());
}

function fixed64(writer: protobuf.Writer, field: number, value: bigint): void {
  writer
    .uint32((field << 3) | 1)
    .fixed32(Number(value & 0xffff_ffffn))
    .fixed32(Number(value >> 32n));
}

function idBytes(hex: string): Uint8Array {
  return /^([0-9a-f]{2})*$/.test(hex) ? Buffer.from(hex, "hex") : NO_ID;
}
