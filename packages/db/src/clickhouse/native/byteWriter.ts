const BYTES_AT_FIRST = 16 * 1024;

/**
 * Up to this length a loop is faster than the call into the runtime (measured in ../../../../../docs/adr/005-columns-from-wire-bytes.md).
 */
const LOOP_BYTES_MAX = 40;

/** The JSON form of each ASCII character. */
const IN_JSON = Array.from({ length: 128 }, (_, code) => JSON.stringify(String.fromCharCode(code)).slice(1, -1));

/** By byte: 1 where JSON has to escape it. */
const IS_ESCAPED = Uint8Array.from({ length: 256 }, (_, code) => ((IN_JSON[code]?.length ?? 1) > 1 ? 1 : 0));

/** A growing byte buffer that is cleared for reuse without freeing its memory. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(bytesAtFirst = BYTES_AT_FIRST) {
    this.#bytes = Buffer.allocUnsafeSlow(bytesAtFirst);
  }

  get length(): number {
    return this.#length;
  }

  /** The written bytes. They are overwritten after `clear`. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The whole reserved buffer, of which only the first `length` bytes are valid. For loops in which creating a view would cost more. */
  get whole(): Buffer {
    return this.#bytes;
  }

  clear(): void {
    this.#length = 0;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** An unsigned integer below 2^32 as LEB128, ClickHouse's encoding of lengths. */
  varint(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** Copies `from[start]` up to `from[end]`. */
  copy(from: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.#reserve(count);
    const bytes = this.#bytes;
    let at = this.#length;
    this.#length += count;
    if (count > LOOP_BYTES_MAX) bytes.set(from.subarray(start, end), at);
    else for (let place = start; place < end; place += 1) bytes[at++] = from[place] as number;
  }

  /** The length of `text` in UTF-8, then `text`. */
  lengthAndText(text: string): void {
    if (text.length <= LOOP_BYTES_MAX && this.#asciiText(text)) return;
    this.varint(Buffer.byteLength(text));
    this.text(text);
  }

  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, "utf8");
  }

  /** UTF-8 text escaped for a JSON string, without its quotation marks. */
  jsonText(from: Uint8Array, start: number, end: number): void {
    let done = start;
    for (let place = nextEscaped(from, start, end); place < end; place = nextEscaped(from, done, end)) {
      this.copy(from, done, place);
      this.text(IN_JSON[from[place] as number] as string);
      done = place + 1;
    }
    this.copy(from, done, end);
  }

  /** Writes a short text if it is ASCII; else nothing. */
  #asciiText(text: string): boolean {
    const count = text.length;
    this.#reserve(count + 1);
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let place = 0; place < count; place += 1) {
      const code = text.charCodeAt(place);
      if (code >= 128) return false;
      bytes[start + place] = code;
    }
    bytes[this.#length] = count;
    this.#length = start + count;
    return true;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  /** A 64-bit integer as two unsigned 32-bit halves. */
  uint64(low: number, high: number): void {
    this.uint32(low);
    this.uint32(high);
  }

  zeros(count: number): void {
    this.#reserve(count);
    this.#bytes.fill(0, this.#length, this.#length + count);
    this.#length += count;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** The first offset from `start` on whose byte JSON escapes, or `end`. Testing four bytes at a time takes less than half the time. */
function nextEscaped(from: Uint8Array, start: number, end: number): number {
  const isEscaped = (place: number): number => IS_ESCAPED[from[place] as number] as number;
  let place = start;
  while (place + 3 < end && (isEscaped(place) | isEscaped(place + 1) | isEscaped(place + 2) | isEscaped(place + 3)) === 0) place += 4;
  while (place < end && isEscaped(place) === 0) place += 1;
  return place;
}
