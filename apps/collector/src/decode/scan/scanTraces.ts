import { AttributeScan } from "./attributeScan.ts";
import { SpanScan } from "./spanScan.ts";
import { NOTHING, WireReader } from "./wireReader.ts";

/**
 * The first field of all messages of the envelope, which is what they say of themselves, and the second, which is a list of what they hold.
 */
const FIRST = 0x0a;
const SECOND = 0x12;

/** Most resources have fewer attributes. */
const RESOURCE_ATTRIBUTES = 8;

/** Who sent the spans of one scope. `resourceBytes` is how long the resource is on the wire. */
export interface OriginScan {
  resource: AttributeScan;
  resourceBytes: number;
  scope: string;
}

/** Is shown what a request holds, in order. What it is shown is right only until it returns. */
export interface TraceVisitor {
  origin(origin: OriginScan): void;
  span(span: SpanScan): void;
}

/** Walks an ExportTraceServiceRequest of opentelemetry-proto 1.11 in protobuf. Throws `MalformedBody`, then perhaps in the middle. */
export function scanTraces(body: Buffer, visitor: TraceVisitor): void {
  const scanner = idle ?? new TraceScanner();
  idle = null;
  scanner.run(body, visitor);
  idle = scanner;
}

/** One that nobody scans with: to make its lists costs as much as to scan a small request. */
let idle: TraceScanner | null = null;

const NOBODY: TraceVisitor = { origin: () => {}, span: () => {} };

class TraceScanner {
  readonly #reader = new WireReader();
  readonly #span = new SpanScan();
  readonly #origin: OriginScan = { resource: new AttributeScan(RESOURCE_ATTRIBUTES), resourceBytes: 0, scope: "" };
  #visitor = NOBODY;

  run(body: Buffer, visitor: TraceVisitor): void {
    this.#turnTo(body, visitor);
    this.#each(FIRST, body.length, (resourceSpansEnd) => this.#readResourceSpans(resourceSpansEnd));
    this.#turnTo(NOTHING, NOBODY);
  }

  #turnTo(body: Buffer, visitor: TraceVisitor): void {
    this.#visitor = visitor;
    this.#reader.turnTo(body);
    this.#span.turnTo(body);
    this.#origin.resource.turnTo(body);
  }

  /** A resource may stand behind its spans: it is looked for first. */
  #readResourceSpans(end: number): void {
    const reader = this.#reader;
    const start = reader.at;
    // Of millions that hold nothing none is looked into twice.
    if (start === end) return;
    this.#origin.resource.clear();
    this.#origin.resourceBytes = 0;
    this.#each(FIRST, end, (resourceEnd) => {
      this.#origin.resourceBytes += resourceEnd - reader.at;
      this.#each(FIRST, resourceEnd, (pairEnd) => this.#origin.resource.read(reader, pairEnd));
    });
    reader.at = start;
    this.#each(SECOND, end, (scopeSpansEnd) => this.#readScopeSpans(scopeSpansEnd));
  }

  #readScopeSpans(end: number): void {
    const reader = this.#reader;
    const start = reader.at;
    this.#origin.scope = "";
    this.#each(FIRST, end, (scopeEnd) => this.#readScope(scopeEnd));
    this.#visitor.origin(this.#origin);
    reader.at = start;
    this.#each(SECOND, end, (spanEnd) => {
      this.#span.read(reader, spanEnd);
      this.#visitor.span(this.#span);
    });
  }

  #readScope(end: number): void {
    const reader = this.#reader;
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === FIRST) {
        const nameEnd = reader.endOfNext(end);
        this.#origin.scope = reader.bytes.toString("utf8", reader.at, nameEnd);
        reader.at = nameEnd;
      } else reader.skip(tag, end);
    }
    reader.mustBeAt(end);
  }

  /** Calls `read` at each message under `wanted`, which must leave the reader at its end, and passes over all else. */
  #each(wanted: number, end: number, read: (end: number) => void): void {
    const reader = this.#reader;
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === wanted) read(reader.endOfMessage(end));
      else reader.skip(tag, end);
    }
    reader.mustBeAt(end);
  }
}
