import { SpanBlock } from "@signalbox/db/clickhouse";
import { readBlock, spansOfBlock } from "@signalbox/db/testing";
import type { Span } from "@signalbox/model";
import { encodeTraces, type OtlpSpan, scanTraces } from "../decode/index.ts";
import { readOrigin, type SpanOrigin, SpanWriter } from "../normalise/index.ts";

/** When the spans of a block were received, in microseconds since 1970. */
const RECEIVED_AT_US = 1_763_900_002_000_000;

/** The block that the store gets for a traces request in protobuf. */
export function blockOf(body: Buffer, block = new SpanBlock(), writer = new SpanWriter()): SpanBlock {
  let from: SpanOrigin;
  scanTraces(body, {
    origin(origin) {
      from = readOrigin(origin);
    },
    span(span) {
      writer.write(block, { span, from, reception: { project: "default", source: "otlp_traces_http", receivedAtUs: RECEIVED_AT_US } });
    },
  });
  return block;
}

/** A span as a reader of the store sees it: over the wire, into the columns and back. */
export function normalised(span: OtlpSpan): Span {
  const [read] = spansOfBlock(blockOf(encodeTraces([span])).encode());
  if (read === undefined) throw new Error("one span was written");
  return read;
}

/** The columns of a span's row, as the store holds them. */
export function rowOf(span: OtlpSpan): Record<string, unknown> {
  const [row] = readBlock(blockOf(encodeTraces([span])).encode());
  return row ?? {};
}
