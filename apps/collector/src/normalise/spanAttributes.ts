import type { TextColumn } from "@signalbox/db/clickhouse";
import { type AttributeScan, type AttributeValue, attributeText, VALUE_TYPES } from "../decode/index.ts";
import { COMPILED_DIALECTS, type CompiledDialect, type CompiledKey, type CompiledKeys, KEY_TABLE } from "./compiledDialects.ts";
import { KEYS_MAX, type KnownKey, KnownKeys } from "./knownKeys.ts";
import { isSaid, memberAt, numberOf, structOf } from "./readAttributes.ts";

const isNever = (): boolean => false;

/** The place of an absent attribute. */
export const NOWHERE = -1;

/** The current span's attributes, looked up by key. Reused for every span. */
export class SpanAttributes {
  /** For each key of the key table, its place in the span plus one; 0 if absent. */
  readonly #places = new Int32Array(KEY_TABLE.texts.length);
  /** The numbers of the table's keys that the span has. */
  readonly #known = new Int32Array(KEY_TABLE.texts.length);
  #knownCount = 0;
  #scan: AttributeScan | null = null;
  /** Parsed structured values by place: many keys read members of the same one. */
  readonly #structs = new Map<number, AttributeValue | undefined>();
  readonly #knownKeys = new KnownKeys();
  /** The keys of the attributes, up to `KEYS_MAX`. */
  readonly #keys: KnownKey[] = [];
  /** The places of index-flattened messages' attributes. */
  readonly indexed: number[] = [];
  #rank = 0;

  /** Switches to the attributes of another span. */
  read(scan: AttributeScan): void {
    for (let known = 0; known < this.#knownCount; known += 1) this.#places[this.#known[known] as number] = 0;
    this.#knownCount = 0;
    this.#scan = scan;
    this.#structs.clear();
    this.indexed.length = 0;
    this.#rank = COMPILED_DIALECTS.length - 1;
    this.#keys.length = 0;
    let key = this.#knownKeys.none;
    for (let place = 0; place < scan.count; place += 1) {
      if (place < KEYS_MAX) {
        key = this.#knownKeys.after(key, scan.bytes, scan.keyStarts[place] as number, scan.keyEnds[place] as number);
        this.#keys.push(key);
      } else key = this.keyAt(place);
      const { number, rank, indexed } = key;
      if (rank < this.#rank) this.#rank = rank;
      if (indexed !== null) this.indexed.push(place);
      if (number === -1) continue;
      if (this.#places[number] === 0) this.#known[this.#knownCount++] = number;
      this.#places[number] = place + 1;
    }
  }

  /** The key of the attribute at `place`. */
  keyAt(place: number): KnownKey {
    const { bytes, keyStarts, keyEnds } = this.scan;
    return this.#keys[place] ?? this.#knownKeys.passing(bytes, keyStarts[place] as number, keyEnds[place] as number);
  }

  /** The first dialect in the list that one of the keys identifies. */
  get dialect(): CompiledDialect {
    return COMPILED_DIALECTS[this.#rank] as CompiledDialect;
  }

  get scan(): AttributeScan {
    if (this.#scan === null) throw new Error("no span was read");
    return this.#scan;
  }

  /** The first of `keys` with a value that is not an empty text; places for which `isTaken` holds are skipped. */
  first(keys: CompiledKeys, isTaken: (place: number) => boolean = isNever): CompiledKey | null {
    for (const key of keys) {
      const place = (this.#places[key.number] as number) - 1;
      if (place < 0 || isTaken(place)) continue;
      if (key.path === null ? !this.#isEmpty(place) : isSaid(this.#memberAt(place, key.path))) return key;
    }
    return null;
  }

  /** The place of a found key's whole value; `NOWHERE` if the value is a member of another. */
  placeOf({ number, path }: CompiledKey): number {
    return path === null ? (this.#places[number] as number) - 1 : NOWHERE;
  }

  /** The value of a found key, decoded. */
  value({ number, path }: CompiledKey): AttributeValue {
    const place = (this.#places[number] as number) - 1;
    return path === null ? this.scan.valueAt(place) : (this.#memberAt(place, path) ?? null);
  }

  /** The value of a found key: a string unchanged, any other value as JSON. */
  text(key: CompiledKey): string {
    const place = this.placeOf(key);
    return place === NOWHERE ? attributeText(this.value(key)) : this.scan.textAt(place);
  }

  /** Whether the first of `keys` with a value is the boolean true. */
  isTrue(keys: CompiledKeys): boolean {
    const key = this.first(keys);
    return key !== null && this.value(key) === true;
  }

  /** The first of `keys` whose value `isWanted`, as a number: senders write counts as numbers and as text. */
  number(keys: CompiledKeys, isWanted: (value: number) => boolean): number | null {
    for (const { number, path } of keys) {
      const place = (this.#places[number] as number) - 1;
      if (place < 0) continue;
      const value = path === null ? this.#numberAt(place) : numberOf(this.#memberAt(place, path));
      if (isWanted(value)) return value;
    }
    return null;
  }

  /** Appends a found key's value to a column; an empty text for null. */
  append(column: TextColumn, key: CompiledKey | null): void {
    if (key === null) column.appendEmpty();
    else if (key.path === null) this.appendAt(column, this.placeOf(key));
    else column.appendText(this.text(key));
  }

  /** Appends the value at `place` to a column: a string unchanged, any other value as JSON. */
  appendAt(column: TextColumn, place: number): void {
    const { scan } = this;
    if (scan.types[place] !== VALUE_TYPES.string) column.appendText(scan.textAt(place));
    else column.append(scan.bytes, scan.valueStarts[place] as number, scan.valueEnds[place] as number);
  }

  #memberAt(place: number, path: readonly string[]): AttributeValue | undefined {
    if (!this.#structs.has(place)) this.#structs.set(place, structOf(this.scan.valueAt(place)));
    return memberAt(this.#structs.get(place), path);
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
    return type === VALUE_TYPES.string ? numberOf(scan.textAt(place)) : Number.NaN;
  }
}
