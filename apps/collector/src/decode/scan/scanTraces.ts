import { AttributeScan } from "./attributeScan.ts";
import { SpanScan } from "./spanScan.ts";
import { NOTHING, WireReader } from "./wireReader.ts";

/**
 * Tags of the two fields that every message of the envelope has: the first describes the message itself (resource or scope), the second is
 * the list of its contents.
 */
const FIRST = 0x0a;
const SECOND = 0x12;

/** Initial capacity: most resources have fewer attributes. */
const RESOURCE_ATTRIBUTES = 8;

/** The sender of the spans of one scope. `resourceBytes` is the length of the resource on the wire. */
export interface OriginScan {
  resource: AttributeScan;
  resourceBytes: number;
  scope: string;
}

/** Receives the contents of a request in order. Its arguments are valid only until it returns. */
export interface TraceVisitor {
  origin(origin: OriginScan): void;
  span(span: SpanScan): void;
}

/** Walks an ExportTraceServiceRequest of opentelemetry-proto 1.11 in protobuf. Throws `MalformedBody`, possibly midway. */
export function scanTraces(body: Buffer, visitor: TraceVisitor): void {
  const scanner = idle ?? new TraceScanner();
  idle = null;
  scanner.run(body, visitor);
  idle = scanner;
}

/** A scanner not in use: allocating its arrays costs as much as scanning a small request. */
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

  /** Reads the resource first, which may come after its spans. */
  #readResourceSpans(end: number): void {
    const reader = this.#reader;
    const start = reader.at;
    // An empty one, of which there may be millions, is not scanned twice.
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

  /** Calls `read` for each message with the tag `wanted`, which must leave the reader at its end, and skips everything else. */
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
