import { randomUUID } from "node:crypto";
import { ByteWriter } from "@signalbox/db/clickhouse";
import { type IndexedAttribute, type IndexedKey, readIndexedMessages } from "@signalbox/model";
import { type AttributeScan, VALUE_TYPES } from "../decode/index.ts";
import type { SpanAttributes } from "./spanAttributes.ts";

/**
 * Minimum length in bytes of a text that is kept only once. Shorter ones may stay in the attributes as well: that costs next to nothing.
 */
const LONG_TEXT_MIN = 64;

/** Marks around the place of a text that is filled in later. The first is random, so that no sender can forge it. */
const MARK = randomUUID();
const MARK_END = ";";

/** A larger buffer is not kept from one span to the next. */
const BYTES_KEPT_MAX = 2 ** 20;

/**
 * The current span's index-flattened messages, as JSON. Each long text is first replaced by a mark and filled in at the end from the bytes
 * that carry it, so that it never becomes a string. Reused for every span.
 */
export class AssembledMessages {
  #json = new ByteWriter();
  /** Places of the attributes whose texts were filled in. */
  readonly #whole = new Set<number>();

  /** Prepares for another span. */
  clear(): void {
    this.#whole.clear();
    if (this.#json.whole.length > BYTES_KEPT_MAX) this.#json = new ByteWriter();
    else this.#json.clear();
  }

  /** Whether the attribute at `place` is a long text that is whole in the messages, and so need not be stored twice. */
  isWhole(place: number): boolean {
    return this.#whole.has(place);
  }

  /** The messages under `prefix` in UTF-8, or null if there are none; valid until `clear`. Messages without a role get `role`. */
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

/**
 * A value, or the mark for a long text. A value in the place of a whole message is never marked: it may be the JSON of a message, which has
 * to be parsed.
 */
function valueOrMark(scan: AttributeScan, place: number, { length }: IndexedKey): unknown {
  const bytes = (scan.valueEnds[place] as number) - (scan.valueStarts[place] as number);
  const isLongText = scan.types[place] === VALUE_TYPES.string && bytes >= LONG_TEXT_MIN;
  return isLongText && length > 1 ? `${MARK}${place}${MARK_END}` : scan.valueAt(place);
}
