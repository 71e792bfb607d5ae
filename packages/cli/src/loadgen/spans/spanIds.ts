import { mix32 } from "@signalbox/model";

/** A constant per word of an id, so that no two words are equal. */
const WORDS = {
  trace: [0x1b873593, 0xcc9e2d51, 0x38495ab5, 0x7feb352d],
  span: [0x846ca68b, 0x2c1b3c6d],
  run: [0x9e3779b9, 0x6a09e667, 0xbb67ae85, 0x3c6ef372],
} as const;

/**
 * Ids by number (below 2^32): they look random, no two numbers share one, and they follow from the seed and
 * the number. Every word has a key of its own derived from the seed, so that two seeds have unrelated ids.
 */
export class SpanIds {
  readonly #traceKeys: readonly number[];
  readonly #spanKeys: readonly number[];
  readonly #runKeys: readonly number[];

  constructor(seed: number) {
    const keys = (words: readonly number[]): number[] => words.map((word) => mix32(mix32(seed ^ word) + word));
    this.#traceKeys = keys(WORDS.trace);
    this.#spanKeys = keys(WORDS.span);
    this.#runKeys = keys(WORDS.run);
  }

  /** Writes the 16 bytes of a trace's id to `bytes` at `at`. */
  writeTraceId(bytes: Buffer, at: number, trace: number): void {
    write(bytes, at, trace, this.#traceKeys);
  }

  /** Writes the 8 bytes of a span's id to `bytes` at `at`. */
  writeSpanId(bytes: Buffer, at: number, span: number): void {
    write(bytes, at, span, this.#spanKeys);
  }

  /** A span's id as a UUID: version 4, so 122 of its bits come from the number. */
  uuid(span: number): string {
    const [a = "", b = "", c = "", d = ""] = this.#runKeys.map((key) =>
      mix32(span ^ key)
        .toString(16)
        .padStart(8, "0"),
    );
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
  }
}

function write(bytes: Buffer, at: number, number: number, keys: readonly number[]): void {
  let position = at;
  for (const key of keys) {
    const mixed = mix32(number ^ key);
    bytes[position] = mixed >>> 24;
    bytes[position + 1] = mixed >>> 16;
    bytes[position + 2] = mixed >>> 8;
    bytes[position + 3] = mixed;
    position += 4;
  }
}
