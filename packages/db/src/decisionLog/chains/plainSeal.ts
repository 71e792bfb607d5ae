import { hash } from "node:crypto";
import { isPlainCanonicalJson } from "@signalbox/model";
import { type DecisionRow, FIELD, int32, UUID_BYTES } from "./decisionRow.ts";
import { TimeWriter } from "./storedTime.ts";

const SPACE = 0x20;
const QUOTE = 0x22;
const DASH = 0x2d;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const HASH_LENGTH = 64;
const HEX_DIGITS = Buffer.from("0123456789abcdef");

/** The most bytes by which the sealed text exceeds its row: the text between the fields, and its numbers in digits. */
const BETWEEN_MAX = 1_024;

const BEFORE = {
  service: Buffer.from('{"actor":{"service":"'),
  version: Buffer.from('","version":"'),
  attempt: Buffer.from('"},"attempt":'),
  chosen: Buffer.from(',"chosen":"'),
  confidence: Buffer.from('","confidence":'),
  detail: Buffer.from(',"detail":'),
  kind: Buffer.from(',"kind":"'),
  prevHash: Buffer.from('","prevHash":"'),
  project: Buffer.from('","project":"'),
  reason: Buffer.from('","reason":"'),
  seq: Buffer.from('","seq":'),
  span: Buffer.from(',"spanId":"'),
  noSpan: Buffer.from(',"spanId":null,"taskId":"'),
  taskId: Buffer.from('","taskId":"'),
  time: Buffer.from('","time":"'),
  traceId: Buffer.from('","traceId":"'),
} as const;
const NULL = Buffer.from("null");
const END = Buffer.from('"}');

/**
 * Assembles the text whose hash seals a decision from the bytes of its row, without a string for each field,
 * in a fifth of the time. Handles plain rows only (no characters that JSON escapes, canonical detail, a time
 * of recent years). Any other row, and a row with another hash, is left to `sealedPieces`, which decides.
 */
export class PlainSeal {
  readonly #text = Buffer.allocUnsafe(65_536);
  readonly #times = new TimeWriter();
  #length = 0;
  #isPlain = true;

  /** Whether a row is plain, and has the hash of its own text. */
  holds(row: DecisionRow): boolean {
    if (row.bytes.length + BETWEEN_MAX > this.#text.length) return false;
    this.#length = 0;
    this.#isPlain = row.length(FIELD.taskId) === UUID_BYTES && row.length(FIELD.hash) === HASH_LENGTH;
    this.#write(row);
    return this.#isPlain && isHash(row, hash("sha256", this.#text.subarray(0, this.#length), "hex"));
  }

  #write(row: DecisionRow): void {
    this.#field(BEFORE.service, row, FIELD.service);
    this.#field(BEFORE.version, row, FIELD.version);
    this.#int(BEFORE.attempt, row, FIELD.attempt);
    this.#field(BEFORE.chosen, row, FIELD.chosen);
    this.#confidence(row);
    this.#detail(row);
    this.#field(BEFORE.kind, row, FIELD.kind);
    this.#field(BEFORE.prevHash, row, FIELD.prevHash);
    this.#field(BEFORE.project, row, FIELD.project);
    this.#field(BEFORE.reason, row, FIELD.reason);
    this.#int(BEFORE.seq, row, FIELD.seq);
    if (row.length(FIELD.spanId) < 0) this.#put(BEFORE.noSpan);
    else {
      this.#field(BEFORE.span, row, FIELD.spanId);
      this.#put(BEFORE.taskId);
    }
    this.#taskId(row);
    this.#time(row);
    this.#field(BEFORE.traceId, row, FIELD.traceId);
    this.#put(END);
  }

  #put(piece: Buffer): void {
    const text = this.#text;
    const length = this.#length;
    for (let at = 0; at < piece.length; at += 1) text[length + at] = piece[at] as number;
    this.#length = length + piece.length;
  }

  /** Appends a text field that JSON need not escape. */
  #field(before: Buffer, row: DecisionRow, field: number): void {
    this.#put(before);
    const { bytes } = row;
    const text = this.#text;
    const start = row.start(field);
    const end = start + row.length(field);
    if (end < start) this.#isPlain = false;
    let length = this.#length;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) this.#isPlain = false;
      text[length] = byte;
      length += 1;
    }
    this.#length = length;
  }

  /** Appends a non-negative whole number. */
  #int(before: Buffer, row: DecisionRow, field: number): void {
    this.#put(before);
    const number = row.int(field);
    if (!(number >= 0)) this.#isPlain = false;
    else this.#digits(number);
  }

  #digits(number: number): void {
    let size = 1;
    for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) size += 1;
    let rest = number;
    for (let at = this.#length + size - 1; at >= this.#length; at -= 1) {
      this.#text[at] = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    this.#length += size;
  }

  #confidence(row: DecisionRow): void {
    this.#put(BEFORE.confidence);
    const confidence = row.float(FIELD.confidence);
    if (confidence === null) this.#put(NULL);
    else if (!Number.isFinite(confidence) || Object.is(confidence, -0)) this.#isPlain = false;
    else this.#length += this.#text.write(String(confidence), this.#length, "latin1");
  }

  #detail(row: DecisionRow): void {
    this.#put(BEFORE.detail);
    const start = row.start(FIELD.detail);
    const end = start + row.length(FIELD.detail);
    if (!isPlainCanonicalJson(row.bytes, start, end)) this.#isPlain = false;
    else this.#length += row.bytes.copy(this.#text, this.#length, start, end);
  }

  /** Appends sixteen bytes as `8-4-4-4-12` hex digits. */
  #taskId(row: DecisionRow): void {
    const { bytes } = row;
    const text = this.#text;
    const start = row.start(FIELD.taskId);
    let length = this.#length;
    for (let at = 0; at < UUID_BYTES; at += 1) {
      if (at === 4 || at === 6 || at === 8 || at === 10) {
        text[length] = DASH;
        length += 1;
      }
      const byte = bytes[start + at] as number;
      text[length] = HEX_DIGITS[byte >> 4] as number;
      text[length + 1] = HEX_DIGITS[byte & 0xf] as number;
      length += 2;
    }
    this.#length = length;
  }

  #time(row: DecisionRow): void {
    this.#put(BEFORE.time);
    const start = row.start(FIELD.time);
    const end =
      row.length(FIELD.time) < 0 ? -1 : this.#times.write(this.#text, this.#length, int32(row.bytes, start), int32(row.bytes, start + 4));
    if (end < 0) this.#isPlain = false;
    else this.#length = end;
  }
}

/** Whether this is a row's own hash. */
function isHash(row: DecisionRow, hex: string): boolean {
  const { bytes } = row;
  const start = row.start(FIELD.hash);
  for (let at = 0; at < HASH_LENGTH; at += 1) if (bytes[start + at] !== hex.charCodeAt(at)) return false;
  return true;
}
