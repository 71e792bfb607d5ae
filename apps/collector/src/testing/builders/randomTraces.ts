import type { Random } from "@signalbox/model";
import protobuf from "protobufjs/minimal.js";

type Write = (writer: protobuf.Writer) => void;

const TEXTS = ["", "a", "größe", "東京 \u{1f600}", "x".repeat(300), "\u0000", "__proto__", "[1]"];
const KEYS = ["gen_ai.request.model", "gen_ai.usage.input_tokens", "gen_ai.input.messages", "signalbox.tags", "session.id", "a", "b", ""];
const INTEGERS = ["0", "1", "127", "128", "4294967296", "9007199254740991", "9007199254740992", "9223372036854775807", "-1", "-129"];
const DOUBLES = [0, -0, 0.5, -1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY, 3];

/**
 * Traces requests that are valid but unlike any library's: fields in any order and some of them twice, unknown fields, known numbers with
 * another wire type, every kind of value, bytes in place of text.
 */
export class RandomTraces {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  request(): Buffer {
    const writer = protobuf.Writer.create();
    this.#message(
      writer,
      this.#some(4, () => this.#child(1, () => this.#resourceSpans())),
    );
    const bytes = writer.finish();
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #resourceSpans(): Write[] {
    const resource = () => this.#some(6, () => this.#attribute(1));
    return [...this.#some(3, () => this.#child(1, resource)), ...this.#some(4, () => this.#child(2, () => this.#scopeSpans()))];
  }

  #scopeSpans(): Write[] {
    return [
      ...this.#some(3, () => this.#child(1, () => this.#some(3, () => this.#text(1)))),
      ...this.#some(4, () => this.#child(2, () => this.#span())),
    ];
  }

  #span(): Write[] {
    return [
      this.#bytes(1, this.#pick([16, 16, 0, 3])),
      this.#bytes(2, this.#pick([8, 8, 0, 9])),
      ...this.#some(2, () => this.#bytes(4, this.#pick([8, 0, 2]))),
      ...this.#some(3, () => this.#text(5)),
      ...this.#some(3, () => this.#fixed64(7)),
      ...this.#some(3, () => this.#fixed64(8)),
      ...this.#some(12, () => this.#attribute(9)),
      ...this.#some(3, () => this.#child(11, () => [this.#fixed64(1), this.#text(2), ...this.#some(4, () => this.#attribute(3))])),
      ...this.#some(2, () => this.#child(13, () => [this.#bytes(1, 16), this.#bytes(2, 8), ...this.#some(4, () => this.#attribute(4))])),
      ...this.#some(3, () => this.#child(15, () => [...this.#some(3, () => this.#text(2)), ...this.#some(3, () => this.#status())])),
    ];
  }

  #status(): Write {
    const code = this.#pick([0, 1, 2, 3, -1]);
    return (writer) => writer.uint32(24).int32(code);
  }

  #attribute(field: number): Write {
    const key = this.#pick(KEYS);
    const keys = this.#some(3, (): Write => (writer) => writer.uint32(10).string(key));
    return this.#child(field, () => [...keys, ...this.#some(3, () => this.#child(2, () => this.#anyValue(0)))]);
  }

  /** The members of an AnyValue: none, one, or (as no real sender does) several. */
  #anyValue(depth: number): Write[] {
    return this.#some(3, () => this.#member(depth));
  }

  #member(depth: number): Write {
    const integer = this.#pick(INTEGERS);
    const double = this.#pick(DOUBLES);
    const isTrue = this.#random() < 0.5;
    const list = () => this.#some(4, () => this.#child(1, () => this.#anyValue(depth + 1)));
    const members: Write[] = [
      this.#text(1),
      (writer) => writer.uint32(16).bool(isTrue),
      (writer) => writer.uint32(24).int64(integer as unknown as number),
      (writer) => writer.uint32(33).double(double),
      this.#bytes(7, 5),
    ];
    if (depth < 4)
      members.push(
        this.#child(5, list),
        this.#child(6, () => this.#some(4, () => this.#pair(depth))),
      );
    return this.#pick(members);
  }

  #pair(depth: number): Write {
    return this.#child(1, () => [this.#text(1), ...this.#some(3, () => this.#child(2, () => this.#anyValue(depth + 1)))]);
  }

  #text(field: number): Write {
    if (this.#random() < 0.1) return this.#bytes(field, 6);
    const text = this.#pick(TEXTS);
    return (writer) => writer.uint32((field << 3) | 2).string(text);
  }

  #bytes(field: number, length: number): Write {
    const bytes = Uint8Array.from({ length }, () => Math.floor(this.#random() * 256));
    return (writer) => writer.uint32((field << 3) | 2).bytes(bytes);
  }

  #fixed64(field: number): Write {
    const low = Math.floor(this.#random() * 2 ** 32);
    return (writer) =>
      writer
        .uint32((field << 3) | 1)
        .fixed32(low)
        .fixed32(410_000_000);
  }

  #child(field: number, fields: () => Write[]): Write {
    return (writer) => {
      writer.uint32((field << 3) | 2).fork();
      this.#message(writer, fields());
      writer.ldelim();
    };
  }

  /** Writes fields in random order, sometimes with an unknown one among them. */
  #message(writer: protobuf.Writer, fields: readonly Write[]): void {
    const all = [...fields, ...this.#some(2, () => this.#unknown())];
    const order = all.map((write) => ({ write, rank: this.#random() })).sort((a, b) => a.rank - b.rank);
    for (const { write } of order) write(writer);
  }

  #unknown(): Write {
    const number = this.#pick([19, 100, 5_000, 2 ** 29 - 1]);
    const known = this.#pick([1, 2, 3, 9]);
    return this.#pick<Write>([
      (writer) => writer.uint32(number * 8).uint64("18446744073709551615" as unknown as number),
      (writer) => writer.uint32(number * 8 + 1).double(1),
      (writer) => writer.uint32(number * 8 + 2).string("nobody knows"),
      (writer) => writer.uint32(number * 8 + 5).fixed32(7),
      (writer) => writer.uint32(known * 8 + 5).fixed32(7),
    ]);
  }

  /** A random number of items, from none to `max` - 1. */
  #some<T>(max: number, make: () => T): T[] {
    return Array.from({ length: Math.floor(this.#random() * max) }, make);
  }

  #pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.#random() * all.length)] as T;
  }
}
