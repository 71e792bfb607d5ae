import { hash } from "node:crypto";
import { isPlainCanonicalJson, type StoredDecision } from "@signalbox/model";
import { numberText, STORED_TIME } from "./storedFields.ts";

/** The columns of a line that a `PlainSeal` reads: what finds a decision, then what is sealed, in the order of its RFC 8785 text. */
export const SEALED_COLUMNS = [
  ...["task_id", "seq", "prev_hash", "hash"],
  ...[
    "actor_service",
    "actor_version",
    "attempt",
    "chosen",
    "confidence",
    "detail",
    "kind",
    "project",
    "reason",
    "span_id",
    "time",
    "trace_id",
  ],
].join(", ");

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const ZERO = 0x30;
const BACKSLASH = 0x5c;
const LETTER_N = 0x4e;
const UUID_LENGTH = 36;
const HASH_LENGTH = 64;

/** What stands around and between the fields of a decision's text is shorter than this. */
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
  noSpan: Buffer.from(',"spanId":null'),
  taskId: Buffer.from(',"taskId":"'),
  time: Buffer.from('","time":"'),
  traceId: Buffer.from('","traceId":"'),
} as const;
const NULL = Buffer.from("null");
const QUOTED_END = Buffer.from('"');
const END = Buffer.from('"}');

/** Where `2026-11-26 08:00:00` ends, before a fraction. */
const SECONDS_END = 19;

/** A decision whose hash is that of its content. */
export type Sealed = Pick<StoredDecision, "taskId" | "seq" | "prevHash" | "hash">;

/**
 * Puts the text that a decision's hash is of together from the bytes of its line of `COPY`, without a string for each
 * field: a third of what that takes. It knows plain lines alone (nothing escaped, detail that is canonical as it
 * stands, a time in UTC). Of others, and where the hash is another, it says nothing: the long way has the last word.
 */
export class PlainSeal {
  readonly #text = Buffer.allocUnsafe(65_536);
  #length = 0;
  #line: Buffer = this.#text;
  #at = 0;
  #end = 0;
  #isPlain = true;

  /** The decision of the line between `start` and `end` of a chunk, where it is plain and sealed. */
  sealed(chunk: Buffer, start: number, end: number): Sealed | undefined {
    if (end - start + BETWEEN_MAX > this.#text.length) return undefined;
    const seqAt = start + UUID_LENGTH + 1;
    const prevAt = chunk.indexOf(TAB, seqAt) + 1;
    const hashAt = prevAt + HASH_LENGTH + 1;
    const factsAt = hashAt + HASH_LENGTH + 1;
    for (const at of [seqAt, prevAt, hashAt, factsAt]) if (chunk[at - 1] !== TAB) return undefined;
    if (factsAt >= end) return undefined;
    this.#line = chunk;
    this.#at = factsAt;
    this.#end = end;
    this.#length = 0;
    this.#isPlain = true;
    this.#seal(start, seqAt, prevAt);
    const ownHash = chunk.toString("latin1", hashAt, hashAt + HASH_LENGTH);
    if (!this.#isPlain || hash("sha256", this.#text.subarray(0, this.#length), "hex") !== ownHash) return undefined;
    return {
      taskId: chunk.toString("latin1", start, start + UUID_LENGTH),
      seq: Number(chunk.toString("latin1", seqAt, prevAt - 1)),
      prevHash: chunk.toString("latin1", prevAt, prevAt + HASH_LENGTH),
      hash: ownHash,
    };
  }

  #seal(taskAt: number, seqAt: number, prevAt: number): void {
    this.#field(BEFORE.service);
    this.#field(BEFORE.version);
    this.#field(BEFORE.attempt);
    this.#field(BEFORE.chosen);
    this.#confidence();
    this.#detail();
    this.#field(BEFORE.kind);
    this.#put(BEFORE.prevHash);
    this.#copy(prevAt, prevAt + HASH_LENGTH);
    this.#field(BEFORE.project);
    this.#field(BEFORE.reason);
    this.#put(BEFORE.seq);
    this.#copy(seqAt, prevAt - 1);
    this.#span();
    this.#put(BEFORE.taskId);
    this.#copy(taskAt, taskAt + UUID_LENGTH);
    this.#time();
    this.#field(BEFORE.traceId);
    this.#put(END);
  }

  #put(piece: Buffer): void {
    for (let at = 0; at < piece.length; at += 1) this.#text[this.#length + at] = piece[at] as number;
    this.#length += piece.length;
  }

  /** Copies bytes that JSON leaves as they are. */
  #copy(from: number, to: number): void {
    const line = this.#line;
    const text = this.#text;
    let length = this.#length;
    for (let at = from; at < to; at += 1) {
      const byte = line[at] as number;
      if (byte < SPACE || byte === QUOTE || byte === BACKSLASH) this.#isPlain = false;
      text[length] = byte;
      length += 1;
    }
    this.#length = length;
  }

  /** Where the field at hand ends; the next one begins behind it. */
  #fieldEnd(): number {
    const tab = this.#line.indexOf(TAB, this.#at);
    return tab < 0 || tab > this.#end ? this.#end : tab;
  }

  #field(before: Buffer): void {
    this.#put(before);
    const end = this.#fieldEnd();
    this.#copy(this.#at, end);
    this.#at = end + 1;
  }

  #isNull(): boolean {
    return this.#line[this.#at] === BACKSLASH && this.#line[this.#at + 1] === LETTER_N;
  }

  #skipNull(): void {
    this.#at += 3;
  }

  #confidence(): void {
    this.#put(BEFORE.confidence);
    if (this.#isNull()) {
      this.#put(NULL);
      this.#skipNull();
      return;
    }
    const end = this.#fieldEnd();
    const text = numberText(this.#line.toString("latin1", this.#at, end));
    if (text === undefined) this.#isPlain = false;
    else this.#put(Buffer.from(text));
    this.#at = end + 1;
  }

  #detail(): void {
    this.#put(BEFORE.detail);
    const end = this.#fieldEnd();
    if (!isPlainCanonicalJson(this.#line.toString("utf8", this.#at, end))) this.#isPlain = false;
    this.#length += this.#line.copy(this.#text, this.#length, this.#at, end);
    this.#at = end + 1;
  }

  #span(): void {
    if (this.#isNull()) {
      this.#put(BEFORE.noSpan);
      this.#skipNull();
      return;
    }
    this.#field(BEFORE.span);
    this.#put(QUOTED_END);
  }

  /** ISO 8601 with milliseconds, of `2026-11-26 08:00:00.5+00`. */
  #time(): void {
    this.#put(BEFORE.time);
    const start = this.#at;
    const end = this.#fieldEnd();
    if (!STORED_TIME.test(this.#line.toString("latin1", start, end))) {
      this.#isPlain = false;
      return;
    }
    const zone = end - 3;
    const fraction = zone - start - SECONDS_END - 1;
    this.#copy(start, start + SECONDS_END);
    this.#text[this.#length - SECONDS_END + 10] = 0x54;
    this.#text[this.#length] = 0x2e;
    this.#length += 1;
    this.#copy(start + SECONDS_END + 1, Math.max(zone, start + SECONDS_END + 1));
    for (let digit = Math.max(0, fraction); digit < 3; digit += 1) {
      this.#text[this.#length] = ZERO;
      this.#length += 1;
    }
    this.#text[this.#length] = 0x5a;
    this.#length += 1;
    this.#at = end + 1;
  }
}
