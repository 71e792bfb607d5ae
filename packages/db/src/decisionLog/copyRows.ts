import type pg from "pg";

/** The bytes before the first row: `PGCOPY\n\xff\r\n\0`, flags, and the length of the header extension. */
const HEADER_LENGTH = 19;

/** The trailer's length: a field count of -1. Every row is longer. */
const TRAILER_LENGTH = 2;

/**
 * Passes each row of a query to `onRow`, in order, in PostgreSQL's binary `COPY` format: the number of fields (int16), then for
 * each field its length in bytes (int32, -1 for null) and its bytes, all big-endian. The bytes are valid only during the call.
 */
export function copyRows(client: pg.ClientBase, sql: string, onRow: (row: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new RowCopy(`COPY (${sql}) TO STDOUT (FORMAT binary)`, onRow, (error) => (error === undefined ? resolve() : reject(error))),
    );
  });
}

/** A query that receives each `COPY` message, which is one row, as it arrives. */
class RowCopy implements pg.Submittable {
  readonly #sql: string;
  readonly #onRow: (row: Buffer) => void;
  readonly #done: (error?: unknown) => void;
  #isBegun = false;
  #failure: { error: unknown } | undefined;

  constructor(sql: string, onRow: (row: Buffer) => void, done: (error?: unknown) => void) {
    this.#sql = sql;
    this.#onRow = onRow;
    this.#done = done;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#sql);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    const row = this.#isBegun ? chunk : chunk.subarray(HEADER_LENGTH + chunk.readInt32BE(HEADER_LENGTH - 4));
    this.#isBegun = true;
    if (row.length <= TRAILER_LENGTH || this.#failure !== undefined) return;
    try {
      this.#onRow(row);
    } catch (error) {
      this.#failure = { error };
    }
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.#done(error);
  }

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.#done();
    else this.#done(this.#failure.error);
  }
}
