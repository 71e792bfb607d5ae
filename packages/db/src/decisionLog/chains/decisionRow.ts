import pg from "pg";

const TYPE = pg.types.builtins;

/**
 * The columns of a decision that are read, with their types: those that
 * identify it, then those that are sealed, in the order of its RFC 8785 text.
 */
export const DECISION_COLUMNS = [
  ["task_id", TYPE.UUID],
  ["seq", TYPE.INT4],
  ["prev_hash", TYPE.TEXT],
  ["hash", TYPE.TEXT],
  ["actor_service", TYPE.TEXT],
  ["actor_version", TYPE.TEXT],
  ["attempt", TYPE.INT4],
  ["chosen", TYPE.TEXT],
  ["confidence", TYPE.FLOAT8],
  ["detail", TYPE.JSON],
  ["kind", TYPE.TEXT],
  ["project", TYPE.TEXT],
  ["reason", TYPE.TEXT],
  ["span_id", TYPE.TEXT],
  ["time", TYPE.TIMESTAMPTZ],
  ["trace_id", TYPE.TEXT],
] as const;

/** The query that reads decisions of `tasks` (a condition) as rows. */
export const decisionsOf = (tasks: string): string =>
  `SELECT ${DECISION_COLUMNS.map(([name]) => name).join(", ")} FROM public.decision WHERE ${tasks}`;

/** The index of each column in a row. */
export const FIELD = {
  ...{ taskId: 0, seq: 1, prevHash: 2, hash: 3, service: 4, version: 5, attempt: 6, chosen: 7, confidence: 8, detail: 9, kind: 10 },
  ...{ project: 11, reason: 12, spanId: 13, time: 14, traceId: 15 },
} as const;

/** An id as PostgreSQL sends it in binary (RFC 9562). */
export const UUID_BYTES = 16;

/** The offsets of the groups of an id's `8-4-4-4-12` hex digits. */
const UUID_PARTS = [0, 8, 12, 16, 20, 32] as const;

/** A row of `decision` as delivered by `copyRows`, whose values are decoded only on demand. One instance is reused for all rows. */
export class DecisionRow {
  bytes: Buffer = Buffer.alloc(0);
  readonly #starts = new Int32Array(DECISION_COLUMNS.length);
  readonly #lengths = new Int32Array(DECISION_COLUMNS.length);

  /** Moves on to another row. */
  read(bytes: Buffer): void {
    this.bytes = bytes;
    let at = 2;
    for (let field = 0; field < DECISION_COLUMNS.length; field += 1) {
      const length = int32(bytes, at);
      at += 4;
      this.#starts[field] = at;
      this.#lengths[field] = length;
      if (length > 0) at += length;
    }
  }

  start(field: number): number {
    return this.#starts[field] as number;
  }

  /** The length of a field in bytes; -1 for null. */
  length(field: number): number {
    return this.#lengths[field] as number;
  }

  /** The text of a field, or null. */
  text(field: number): string | null {
    const start = this.start(field);
    const length = this.length(field);
    return length < 0 ? null : this.bytes.toString("utf8", start, start + length);
  }

  /** The whole number of a field; NaN where there is none. */
  int(field: number): number {
    return this.length(field) < 0 ? Number.NaN : int32(this.bytes, this.start(field));
  }

  /** The float8 of a field, or null. */
  float(field: number): number | null {
    return this.length(field) < 0 ? null : this.bytes.readDoubleBE(this.start(field));
  }

  /** A field as microseconds since 2000-01-01, PostgreSQL's epoch. Plus and minus infinity are the largest and the smallest number. */
  micros(field: number): bigint | null {
    return this.length(field) < 0 ? null : this.bytes.readBigInt64BE(this.start(field));
  }

  get taskId(): string {
    const hex = this.bytes.toString("hex", this.start(FIELD.taskId), this.start(FIELD.taskId) + UUID_BYTES);
    return UUID_PARTS.slice(0, -1)
      .map((start, part) => hex.slice(start, UUID_PARTS[part + 1]))
      .join("-");
  }

  /** Whether a field has exactly these bytes. */
  is(field: number, expected: Uint8Array): boolean {
    if (this.length(field) !== expected.length) return false;
    const { bytes } = this;
    const start = this.start(field);
    for (let at = 0; at < expected.length; at += 1) if (bytes[start + at] !== expected[at]) return false;
    return true;
  }

  /** Copies the bytes of a field, as many as `kept` holds. */
  copyInto(kept: Uint8Array, field: number): void {
    const { bytes } = this;
    const start = this.start(field);
    for (let at = 0; at < kept.length; at += 1) kept[at] = bytes[start + at] as number;
  }

  /** A copy of the bytes of a field. */
  copyOf(field: number): Buffer {
    return Buffer.from(this.bytes.subarray(this.start(field), this.start(field) + Math.max(0, this.length(field))));
  }
}

/** The big-endian int32 at an offset. */
export function int32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
