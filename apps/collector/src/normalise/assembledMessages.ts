import { randomUUID } from "node:crypto";
import { ByteWriter } from "@signalbox/db/clickhouse";
import { type IndexedAttribute, type IndexedKey, readIndexedMessages } from "@signalbox/model";
import { type AttributeScan, VALUE_TYPES } from "../decode/index.ts";
import type { SpanAttributes } from "./spanAttributes.ts";

/** In bytes. What is shorter may stay in the attributes as well: it costs next to nothing. */
const LONG_TEXT_MIN = 64;

/** Stand around the place of a text that is filled in later. Nobody can guess the first one, and so nobody can send it. */
const MARK = randomUUID();
const MARK_END = ";";

/** Room for longer messages is not kept from one span to the next. */
const BYTES_KEPT_MAX = 2 ** 20;

/**
 * The messages of the span at hand that are flattened by index, as JSON. A mark is read in the place of each long text, and the text itself
 * is filled in in the end, from the bytes that carry it: it never becomes a string. Made once and used again for every span.
 */
export class AssembledMessages {
  #json = new ByteWriter();
  /** The places of the attributes whose texts were filled in. */
  readonly #whole = new Set<number>();

  /** Turns to another span. */
  clear(): void {
    this.#whole.clear();
    if (this.#json.whole.length > BYTES_KEPT_MAX) this.#json = new ByteWriter();
    else this.#json.clear();
  }

  /** Whether the attribute at `place` is a long text that is whole in the messages: it need not be kept twice. */
  isWhole(place: number): boolean {
    return this.#whole.has(place);
  }

  /** The messages under `prefix` in UTF-8, or null where there are none; right until `clear`. Those without a role have `role`. */
  assemble(attributes: SpanAttributes, prefix: string, role: string): Buffer | null {
    const ofPrefix: IndexedAttribute[] = [];
    for (const place of attributes.indexed) {
      const { indexed } = attributes.keyAt(place);
      if (indexed?.prefix === prefix) ofPrefix.push([indexed.key, valueOrMark(attributes.scan, place, indexed.key)]);
    }
    const messages = readIndexedMessages(ofPrefix, role);
    return messages.length === 0 ? null : this.#fillIn(JSON.stringify(messages), attributes.scan);
  }

  #fillIn(marked: string, { bytes, valueStarts, valueEnds }: AttributeScan): Buffer {
    const json = this.#json;
    const start = json.length;
    const [head = "", ...pieces] = marked.split(MARK);
    json.text(head);
    for (const piece of pieces) {
      const place = Number.parseInt(piece, 10);
      json.jsonText(bytes, valueStarts[place] as number, valueEnds[place] as number);
      json.text(piece.slice(piece.indexOf(MARK_END) + 1));
      this.#whole.add(place);
    }
    return json.whole.subarray(start, json.length);
  }
}

/** What stands in the place of a whole message may be the JSON of one, and is looked into. */
function valueOrMark(scan: AttributeScan, place: number, { length }: IndexedKey): unknown {
  const bytes = (scan.valueEnds[place] as number) - (scan.valueStarts[place] as number);
  const isLongText = scan.types[place] === VALUE_TYPES.string && bytes >= LONG_TEXT_MIN;
  return isLongText && length > 1 ? `${MARK}${place}${MARK_END}` : scan.valueAt(place);
}
