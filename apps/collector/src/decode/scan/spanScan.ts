import type { Origin, OtlpSpan } from "../otlp.ts";
import { spanOfProtobuf } from "../otlpProtobuf.ts";
import { AttributeScan } from "./attributeScan.ts";
import { NOTHING, type WireReader } from "./wireReader.ts";

const TRACE_ID = 0x0a;
const SPAN_ID = 0x12;
const PARENT_SPAN_ID = 0x22;
const NAME = 0x2a;
const START_TIME = 0x39;
const END_TIME = 0x41;
const ATTRIBUTE = 0x4a;
const EVENT = 0x5a;
const LINK = 0x6a;
const STATUS = 0x7a;
const STATUS_MESSAGE = 0x12;
const STATUS_CODE = 0x18;
const EVENT_ATTRIBUTE = 0x1a;
const LINK_ATTRIBUTE = 0x22;

/** Initial capacity: most spans, events and links have fewer attributes. */
const SPAN_ATTRIBUTES = 32;
const DETAIL_ATTRIBUTES = 8;

/**
 * A span of opentelemetry-proto's trace.proto as offsets into the request's bytes: for each field, its first byte and the one after its
 * last. Reused, and so valid only until the next span is read. A time that was not sent is at -1.
 */
export class SpanScan {
  bytes = NOTHING;
  readonly attributes = new AttributeScan(SPAN_ATTRIBUTES);
  /** Allocated for the first span with events or links: most have none. */
  #details: AttributeScan | null = null;
  start = 0;
  end = 0;
  traceIdStart = 0;
  traceIdEnd = 0;
  spanIdStart = 0;
  spanIdEnd = 0;
  parentStart = 0;
  parentEnd = 0;
  nameStart = 0;
  nameEnd = 0;
  startTimeAt = -1;
  endTimeAt = -1;
  statusCode = 0;
  statusMessageStart = 0;
  statusMessageEnd = 0;
  /** Number of events and links; code that needs them decodes the whole span. */
  detailCount = 0;

  /** Switches to another request. */
  turnTo(bytes: Buffer): void {
    this.bytes = bytes;
    this.attributes.turnTo(bytes);
    this.#details?.turnTo(bytes);
  }

  /** Reads a Span message that ends at `end`. */
  read(reader: WireReader, end: number): void {
    this.#clear(reader.at, end);
    while (reader.at < end) {
      const tag = reader.tag();
      switch (tag) {
        case TRACE_ID:
          this.traceIdEnd = reader.endOfNext(end);
          this.traceIdStart = reader.at;
          reader.at = this.traceIdEnd;
          break;
        case SPAN_ID:
          this.spanIdEnd = reader.endOfNext(end);
          this.spanIdStart = reader.at;
          reader.at = this.spanIdEnd;
          break;
        case PARENT_SPAN_ID:
          this.parentEnd = reader.endOfNext(end);
          this.parentStart = reader.at;
          reader.at = this.parentEnd;
          break;
        case NAME:
          this.nameEnd = reader.endOfNext(end);
          this.nameStart = reader.at;
          reader.at = this.nameEnd;
          break;
        case START_TIME:
          this.startTimeAt = reader.fixed64(end);
          break;
        case END_TIME:
          this.endTimeAt = reader.fixed64(end);
          break;
        case ATTRIBUTE:
          this.attributes.read(reader, reader.endOfMessage(end));
          break;
        case EVENT:
          this.#readDetail(reader, reader.endOfMessage(end), EVENT_ATTRIBUTE);
          break;
        case LINK:
          this.#readDetail(reader, reader.endOfMessage(end), LINK_ATTRIBUTE);
          break;
        case STATUS:
          this.#readStatus(reader, reader.endOfMessage(end));
          break;
        default:
          reader.skip(tag, end);
      }
    }
    reader.mustBeAt(end);
  }

  /** Decodes the span, for the few that are inspected. */
  decode(origin: Origin): OtlpSpan {
    return spanOfProtobuf(this.bytes.subarray(this.start, this.end), origin);
  }

  #clear(start: number, end: number): void {
    this.attributes.clear();
    this.start = start;
    this.end = end;
    this.traceIdStart = this.traceIdEnd = start;
    this.spanIdStart = this.spanIdEnd = start;
    this.parentStart = this.parentEnd = start;
    this.nameStart = this.nameEnd = start;
    this.startTimeAt = -1;
    this.endTimeAt = -1;
    this.statusCode = 0;
    this.statusMessageStart = this.statusMessageEnd = start;
    this.detailCount = 0;
  }

  #readStatus(reader: WireReader, end: number): void {
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === STATUS_CODE) this.statusCode = reader.varint();
      else if (tag === STATUS_MESSAGE) {
        this.statusMessageEnd = reader.endOfNext(end);
        this.statusMessageStart = reader.at;
        reader.at = this.statusMessageEnd;
      } else reader.skip(tag, end);
    }
    reader.mustBeAt(end);
  }

  /** Checks that an event or a link can be decoded later. */
  #readDetail(reader: WireReader, end: number, attributeTag: number): void {
    this.detailCount += 1;
    this.#details ??= new AttributeScan(DETAIL_ATTRIBUTES);
    const details = this.#details;
    details.turnTo(this.bytes);
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === attributeTag) details.read(reader, reader.endOfMessage(end));
      else reader.skip(tag, end);
    }
    reader.mustBeAt(end);
  }
}
