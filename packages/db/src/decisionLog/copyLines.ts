import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

/** The line feed that ends a row: within a field, text `COPY` escapes it. */
const LINE_END = 10;

/** The rows of a query as text `COPY` writes them, in order: many whole lines at a time, each with its line feed. */
async function* copyChunks(client: pg.ClientBase, sql: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of client.query(copyTo(`COPY (${sql}) TO STDOUT`)) as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(LINE_END) + 1;
    if (end === 0) rest = Buffer.concat([rest, chunk]);
    else {
      yield rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([rest, chunk.subarray(0, end)]);
      rest = chunk.subarray(end);
    }
  }
}

/** The rows of a query as lines of `COPY`, in its order, many at a time. */
export async function* copyLines(client: pg.ClientBase, sql: string): AsyncGenerator<string[]> {
  for await (const chunk of copyChunks(client, sql)) yield chunk.toString("utf8", 0, chunk.length - 1).split("\n");
}
