import { mix32 } from "./seededRandom.ts";

/** Each word of an id is mixed with a constant of its own, so that none repeats another. */
const TRACE_WORDS = [0x1b873593, 0xcc9e2d51, 0x38495ab5, 0x7feb352d];
const RUN_WORDS = [0x9e3779b9, 0x6a09e667, 0xbb67ae85, 0x3c6ef372];
const SPAN_WORDS = [0x846ca68b, 0x2c1b3c6d];

/** Ids by number (below 2^32): they look random, no two numbers have the same, and the seed and the number give them again. */
export class SpanIds {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = mix32(seed);
  }

  /** Puts the 16 bytes of a trace's id into `bytes` at `at`. */
  writeTraceId(bytes: Buffer, at: number, trace: number): void {
    this.#write(bytes, at, trace, TRACE_WORDS);
  }

  /** Puts the 8 bytes of a span's id into `bytes` at `at`. */
  writeSpanId(bytes: Buffer, at: number, span: number): void {
    this.#write(bytes, at, span, SPAN_WORDS);
  }

  /** A span's id where ids are UUIDs: version 4, so 122 of its bits are the number's. */
  uuid(span: number): string {
    const [a = "", b = "", c = "", d = ""] = RUN_WORDS.map((word) =>
      mix32(span ^ this.#seed ^ word)
        .toString(16)
        .padStart(8, "0"),
    );
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
  }

  #write(bytes: Buffer, at: number, number: number, words: readonly number[]): void {
    let position = at;
    for (const word of words) {
      const mixed = mix32(number ^ this.#seed ^ word);
      bytes[position] = mixed >>> 24;
      bytes[position + 1] = mixed >>> 16;
      bytes[position + 2] = mixed >>> 8;
      bytes[position + 3] = mixed;
      position += 4;
    }
  }
}
