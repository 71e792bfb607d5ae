import { type Fault, faultOfSpan, type OriginScan, plainBody, scanTraces, tracesInProtobuf } from "../decode/index.ts";
import type { JournalRecord } from "../journal/index.ts";
import { readOrigin, type SpanOrigin, type SpanToWrite } from "../normalise/index.ts";

/** Is shown the spans of a request in order; `place` counts them all. A span is right only until the call returns. */
export interface SpansVisitor {
  span(toWrite: SpanToWrite, place: number): void;
  faulty(fault: Fault, place: number): void;
}

/** Shows the spans of a journalled request. Throws `MalformedBody` where its body cannot be read. */
export function visitSpans({ body, compression, encoding, project, receivedAtUs }: JournalRecord, visitor: SpansVisitor): void {
  const reception = { project, receivedAtUs };
  let scan: OriginScan;
  let from: SpanOrigin | null = null;
  let place = 0;
  scanTraces(tracesInProtobuf(plainBody(body, compression), encoding), {
    origin(origin) {
      scan = origin;
      from = null;
    },
    span(span) {
      const fault = faultOfSpan(span, scan, receivedAtUs);
      if (fault === null) {
        from ??= readOrigin(scan);
        visitor.span({ span, from, reception }, place);
      } else visitor.faulty(fault, place);
      place += 1;
    },
  });
}
