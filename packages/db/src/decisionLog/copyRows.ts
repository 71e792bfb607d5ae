import type pg from "pg";

/** `PGCOPY\n\xff\r\n\0`, flags, and the length of what extends the header: what comes before the first row. */
const HEADER_LENGTH = 19;

/** A row is at least its number of fields and one field's length; the trailer is a number of fields (-1) alone. */
const TRAILER_LENGTH = 2;

/**
 * Hands the rows of a query to `onRow` in its order, as PostgreSQL's binary `COPY` has them: the number of fields (int16), then
 * of each its length in bytes (int32, -1 for null) and its bytes, all big-endian. A row's bytes are there during the call alone.
 */
export function copyRows(client: pg.ClientBase, sql: string, onRow: (row: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new RowCopy(`COPY (${sql}) TO STDOUT (FORMAT binary)`, onRow, (error) => (error === undefined ? resolve() : reject(error))),
    );
  });
}

/** A query that takes each message of `COPY`, which is a row, as it comes. */
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
