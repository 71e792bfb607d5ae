import type { TextColumn } from "@signalbox/db/clickhouse";
import { type AttributeScan, type Attributes, VALUE_TYPES } from "../decode/index.ts";
import { COMPILED_DIALECTS, type CompiledDialect, type CompiledKeys, KEY_TABLE } from "./compiledDialects.ts";
import type { Keys } from "./dialect.ts";
import { type KnownKey, KnownKeys } from "./knownKeys.ts";

const isNever = (): boolean => false;

/** No attribute. */
export const NOWHERE = -1;

/** The attributes of the span at hand, found by key. Made once and filled again for every span. */
export class SpanAttributes {
  /** Where each key of the key table stands in the span, plus one. */
  readonly #places = new Int32Array(KEY_TABLE.texts.length);
  /** The numbers of the keys of the table that the span has. */
  readonly #known = new Int32Array(KEY_TABLE.texts.length);
  #knownCount = 0;
  #scan: AttributeScan | null = null;
  #asMap: Attributes | null = null;
  readonly #knownKeys = new KnownKeys();
  /** Each attribute's key. */
  readonly keys: KnownKey[] = [];
  /** Whether some may be messages that are flattened by index. */
  hasIndexed = false;
  #rank = 0;

  /** Turns to the attributes of another span. */
  read(scan: AttributeScan): void {
    for (let known = 0; known < this.#knownCount; known += 1) this.#places[this.#known[known] as number] = 0;
    this.#knownCount = 0;
    this.#scan = scan;
    this.#asMap = null;
    this.hasIndexed = false;
    this.#rank = COMPILED_DIALECTS.length - 1;
    let key = this.#knownKeys.none;
    for (let place = 0; place < scan.count; place += 1) {
      key = this.#knownKeys.after(key, scan.bytes, scan.keyStarts[place] as number, scan.keyEnds[place] as number);
      this.keys[place] = key;
      const { number, rank } = key;
      if (rank < this.#rank) this.#rank = rank;
      if (number === -1) this.hasIndexed ||= key.isIndexed;
      else {
        if (this.#places[number] === 0) this.#known[this.#knownCount++] = number;
        this.#places[number] = place + 1;
      }
    }
  }

  /** The first dialect of the list that has a word among them. */
  get dialect(): CompiledDialect {
    return COMPILED_DIALECTS[this.#rank] as CompiledDialect;
  }

  get scan(): AttributeScan {
    if (this.#scan === null) throw new Error("no span was read");
    return this.#scan;
  }

  /** The attributes as objects, for what cannot be told from their bytes alone. */
  get asMap(): Attributes {
    const { scan } = this;
    this.#asMap ??= new Map(Array.from({ length: scan.count }, (_, place) => [scan.keyAt(place), scan.valueAt(place)]));
    return this.#asMap;
  }

  /** Where the first of `numbers` stands that has a value and no empty text, or `NOWHERE`; a place that `isTaken` does not count. */
  first(numbers: readonly number[], isTaken: (place: number) => boolean = isNever): number {
    for (const number of numbers) {
      const place = (this.#places[number] as number) - 1;
      if (place >= 0 && !this.#isEmpty(place) && !isTaken(place)) return place;
    }
    return NOWHERE;
  }

  /** Whether the value at `place` is the boolean true. */
  isTrueAt(place: number): boolean {
    return place !== NOWHERE && this.scan.types[place] === VALUE_TYPES.bool && this.scan.numbers[place] === 1;
  }

  /** The first of `keys` that `isWanted`, as a number: senders write counts as numbers and as text. */
  number(
    { keys, numbers }: CompiledKeys,
    isWanted: (value: number) => boolean,
    inObjects: (attributes: Attributes, keys: Keys) => number | null,
  ): number | null {
    if (numbers === null) return inObjects(this.asMap, keys);
    for (const number of numbers) {
      const place = (this.#places[number] as number) - 1;
      const value = place >= 0 ? this.#numberAt(place) : Number.NaN;
      if (isWanted(value)) return value;
    }
    return null;
  }

  /** Appends the value at `place` to a column: a string as it came, another value as JSON, nothing as an empty text. */
  appendTo(column: TextColumn, place: number): void {
    const { scan } = this;
    if (place === NOWHERE) column.appendEmpty();
    else if (scan.types[place] !== VALUE_TYPES.string) column.appendText(scan.textAt(place));
    else column.append(scan.bytes, scan.valueStarts[place] as number, scan.valueEnds[place] as number);
  }

  #isEmpty(place: number): boolean {
    const { scan } = this;
    const type = scan.types[place];
    if (type === VALUE_TYPES.string) return scan.valueStarts[place] === scan.valueEnds[place];
    return type === VALUE_TYPES.none || (type === VALUE_TYPES.bytes && scan.textAt(place) === "");
  }

  #numberAt(place: number): number {
    const { scan } = this;
    const type = scan.types[place];
    if (type === VALUE_TYPES.int || type === VALUE_TYPES.double) return scan.numbers[place] as number;
    if (type !== VALUE_TYPES.string || this.#isEmpty(place)) return Number.NaN;
    const text = scan.textAt(place);
    return text.trim() === "" ? Number.NaN : Number(text);
  }
}
