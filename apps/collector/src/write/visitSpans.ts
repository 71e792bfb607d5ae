import { isSampled } from "@signalbox/model";
import { type Fault, faultOfSpan, type OriginScan, type SpanScan, scanTraces } from "../decode/index.ts";
import { type Reception, readOrigin, type SpanOrigin, type SpanToWrite } from "../normalise/index.ts";

/** Receives the spans of a request in order; `place` counts all of them. A span is valid only until the call returns. */
export interface SpansVisitor {
  span(toWrite: SpanToWrite, place: number): void;
  /** A good span of a trace that is not in the sample. */
  sampledOut(): void;
  faulty(fault: Fault, place: number): void;
}

/**
 * Visits the spans of an ExportTraceServiceRequest in protobuf; a share `headShare` (0 to 1) of its traces is kept. Throws `MalformedBody`
 * if it is not one.
 */
export function visitSpans(traces: Buffer, reception: Reception, headShare: number, visitor: SpansVisitor): void {
  let scan: OriginScan;
  let from: SpanOrigin | null = null;
  let place = 0;
  scanTraces(traces, {
    origin(origin) {
      scan = origin;
      from = null;
    },
    span(span) {
      const fault = faultOfSpan(span, scan, reception.receivedAtUs);
      if (fault === null && headShare < 1 && !isSampled(traceIdOf(span), headShare)) visitor.sampledOut();
      else if (fault === null) {
        from ??= readOrigin(scan);
        visitor.span({ span, from, reception }, place);
      } else visitor.faulty(fault, place);
      place += 1;
    },
  });
}

function traceIdOf({ bytes, traceIdStart, traceIdEnd }: SpanScan): string {
  return bytes.toString("hex", traceIdStart, traceIdEnd);
}
