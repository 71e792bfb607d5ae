import { isSampled } from "@signalbox/model";
import { type Fault, faultOfSpan, type OriginScan, type SpanScan, scanTraces } from "../decode/index.ts";
import { type Reception, readOrigin, type SpanOrigin, type SpanToWrite } from "../normalise/index.ts";

/** Is shown the spans of a request in order; `place` counts them all. A span is right only until the call returns. */
export interface SpansVisitor {
  span(toWrite: SpanToWrite, place: number): void;
  /** A good span of a trace that is not among the share that is kept. */
  sampledOut(): void;
  faulty(fault: Fault, place: number): void;
}

/**
 * Shows the spans of an ExportTraceServiceRequest in protobuf; `headShare`
 * (0 to 1) of its traces are kept. Throws `MalformedBody` where it is none.
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
