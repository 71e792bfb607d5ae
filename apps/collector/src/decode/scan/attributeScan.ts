import { MalformedBody, NESTING_MAX } from "../malformedBody.ts";
import { type AttributeValue, attributeText } from "../otlp.ts";
import { anyValueOfProtobuf } from "../otlpProtobuf.ts";
import { NOTHING, type WireReader } from "./wireReader.ts";

/** The members of AnyValue by field number in opentelemetry-proto's common.proto; 0 for none. */
export const VALUE_TYPES = { none: 0, string: 1, bool: 2, int: 3, double: 4, array: 5, kvlist: 6, bytes: 7 } as const;

/** A cache of lists' JSON by their bytes. */
const knownLists = new Map<string, string>();
const KNOWN_LISTS_MAX = 1_000;
const KNOWN_LIST_BYTES_MAX = 64;

/** Room for more attributes than this is released after each request. */
const ATTRIBUTES_KEPT_MAX = 1_024;

const LENGTH_DELIMITED = 2;
const tagOf = (field: number, wire: number): number => (field << 3) | wire;

const KEY = tagOf(1, LENGTH_DELIMITED);
const VALUE = tagOf(2, LENGTH_DELIMITED);
const ELEMENT = tagOf(1, LENGTH_DELIMITED);
const STRING = tagOf(VALUE_TYPES.string, LENGTH_DELIMITED);
const BOOL = tagOf(VALUE_TYPES.bool, 0);
const INT = tagOf(VALUE_TYPES.int, 0);
const DOUBLE = tagOf(VALUE_TYPES.double, 1);
const ARRAY = tagOf(VALUE_TYPES.array, LENGTH_DELIMITED);
const KVLIST = tagOf(VALUE_TYPES.kvlist, LENGTH_DELIMITED);
const BYTES = tagOf(VALUE_TYPES.bytes, LENGTH_DELIMITED);

/**
 * The attributes of one span, resource or event, as offsets into the request's bytes: the n-th attribute is the n-th element of each array.
 * Reused for every span, so that a span costs no objects.
 */
export class AttributeScan {
  bytes = NOTHING;
  count = 0;
  keyStarts = new Int32Array();
  keyEnds = new Int32Array();
  types = new Uint8Array();
  /** Offsets of the AnyValue messages. */
  messageStarts = new Int32Array();
  messageEnds = new Int32Array();
  /** Offsets of the strings' bytes. */
  valueStarts = new Int32Array();
  valueEnds = new Int32Array();
  /** A boolean (0 or 1), a double, or an integer from 0 to 2^53; NaN for any other integer. */
  numbers = new Float64Array();
  readonly #attributesExpected: number;

  /** `attributesExpected` is the initial capacity. */
  constructor(attributesExpected: number) {
    this.#attributesExpected = attributesExpected;
    this.#makeRoom(attributesExpected, 0);
  }

  /** Switches to another request, without attributes. Excess capacity is released. */
  turnTo(bytes: Buffer): void {
    this.bytes = bytes;
    this.count = 0;
    if (this.types.length > ATTRIBUTES_KEPT_MAX) this.#makeRoom(this.#attributesExpected, 0);
  }

  clear(): void {
    this.count = 0;
  }

  /** Reads a KeyValue message that ends at `end`. */
  read(reader: WireReader, end: number): void {
    const place = this.count;
    if (place === this.types.length) this.#makeRoom(place * 2, place);
    this.keyStarts[place] = this.keyEnds[place] = end;
    this.types[place] = VALUE_TYPES.none;
    this.messageStarts[place] = this.messageEnds[place] = end;
    while (reader.at < end) {
      const tag = reader.tag();
      if (tag === KEY) {
        const keyEnd = reader.endOfNext(end);
        this.keyStarts[place] = reader.at;
        this.keyEnds[place] = reader.at = keyEnd;
      } else if (tag === VALUE) {
        this.#readValue(reader, reader.endOfMessage(end), place);
      } else reader.skip(tag, end);
    }
    reader.mustBeAt(end);
    this.count = place + 1;
  }

  /** Decodes a value, for the few that are inspected. */
  valueAt(place: number): AttributeValue {
    if (this.types[place] === VALUE_TYPES.string) return this.textAt(place);
    return anyValueOfProtobuf(this.bytes.subarray(this.messageStarts[place], this.messageEnds[place]));
  }

  /** A string's text, or another value's JSON. */
  textAt(place: number): string {
    const number = this.numbers[place] as number;
    switch (this.types[place]) {
      case VALUE_TYPES.string:
        return this.bytes.toString("utf8", this.valueStarts[place], this.valueEnds[place]);
      case VALUE_TYPES.int:
        return Number.isNaN(number) ? attributeText(this.valueAt(place)) : String(number);
      case VALUE_TYPES.double:
        return Number.isFinite(number) ? String(number) : attributeText(this.valueAt(place));
      case VALUE_TYPES.bool:
        return number === 1 ? "true" : "false";
      case VALUE_TYPES.array:
        return this.#listTextAt(place);
      default:
        return attributeText(this.valueAt(place));
    }
  }

  /** Short lists, for example of finish reasons, occur again and again. */
  #listTextAt(place: number): string {
    const start = this.messageStarts[place] as number;
    const end = this.messageEnds[place] as number;
    if (end - start > KNOWN_LIST_BYTES_MAX) return attributeText(this.valueAt(place));
    const bytes = this.bytes.toString("latin1", start, end);
    let text = knownLists.get(bytes);
    if (text === undefined) {
      if (knownLists.size >= KNOWN_LISTS_MAX) knownLists.clear();
      text = attributeText(this.valueAt(place));
      knownLists.set(bytes, text);
    }
    return text;
  }

  keyAt(place: number): string {
    return this.bytes.toString("utf8", this.keyStarts[place], this.keyEnds[place]);
  }

  /** Reads an AnyValue. An empty one changes nothing: if a value is sent in parts, the last member counts. */
  #readValue(reader: WireReader, end: number, place: number): void {
    const start = reader.at;
    let type: number = VALUE_TYPES.none;
    while (reader.at < end) {
      const tag = reader.tag();
      switch (tag) {
        case STRING: {
          const valueEnd = reader.endOfNext(end);
          type = VALUE_TYPES.string;
          this.valueStarts[place] = reader.at;
          this.valueEnds[place] = reader.at = valueEnd;
          break;
        }
        case INT: {
          const valueStart = reader.at;
          const value = reader.varint();
          type = VALUE_TYPES.int;
          this.numbers[place] = reader.at - valueStart < 8 ? value : Number.NaN;
          break;
        }
        case BOOL:
          type = VALUE_TYPES.bool;
          this.numbers[place] = reader.varint() === 0 ? 0 : 1;
          break;
        case DOUBLE:
          type = VALUE_TYPES.double;
          this.numbers[place] = reader.view.getFloat64(reader.fixed64(end), true);
          break;
        case ARRAY:
        case KVLIST:
          type = tag >>> 3;
          checkList(reader, reader.endOfMessage(end), tag, 1);
          break;
        case BYTES:
          type = VALUE_TYPES.bytes;
          reader.skip(tag, end);
          break;
        default:
          reader.skip(tag, end);
      }
    }
    reader.mustBeAt(end);
    if (type === VALUE_TYPES.none) return;
    this.types[place] = type;
    this.messageStarts[place] = start;
    this.messageEnds[place] = end;
  }

  /** Grows the arrays to `length` attributes, of which `count` exist. */
  #makeRoom(length: number, count: number): void {
    const roomier = <T extends Int32Array | Uint8Array | Float64Array>(into: T, from: T): T => {
      into.set(from.subarray(0, count));
      return into;
    };
    this.keyStarts = roomier(new Int32Array(length), this.keyStarts);
    this.keyEnds = roomier(new Int32Array(length), this.keyEnds);
    this.types = roomier(new Uint8Array(length), this.types);
    this.messageStarts = roomier(new Int32Array(length), this.messageStarts);
    this.messageEnds = roomier(new Int32Array(length), this.messageEnds);
    this.valueStarts = roomier(new Int32Array(length), this.valueStarts);
    this.valueEnds = roomier(new Int32Array(length), this.valueEnds);
    this.numbers = roomier(new Float64Array(length), this.numbers);
  }
}

/** Checks that a list of values, or of keys and values, can be decoded later. */
function checkList(reader: WireReader, end: number, kind: number, depth: number): void {
  if (depth > NESTING_MAX) throw new MalformedBody("attribute values nest too deep");
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag !== ELEMENT) reader.skip(tag, end);
    else if (kind === ARRAY) checkValue(reader, reader.endOfMessage(end), depth);
    else checkPair(reader, reader.endOfMessage(end), depth);
  }
  reader.mustBeAt(end);
}

function checkPair(reader: WireReader, end: number, depth: number): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === VALUE) checkValue(reader, reader.endOfMessage(end), depth);
    else reader.skip(tag, end);
  }
  reader.mustBeAt(end);
}

function checkValue(reader: WireReader, end: number, depth: number): void {
  while (reader.at < end) {
    const tag = reader.tag();
    if (tag === ARRAY || tag === KVLIST) checkList(reader, reader.endOfMessage(end), tag, depth + 1);
    else reader.skip(tag, end);
  }
  reader.mustBeAt(end);
}
