import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

/** A line feed: in `COPY`'s text one inside a field is escaped. */
const LINE_END = 10;

/** The rows of a query as lines of `COPY`, in its order, many at a time. */
export async function* copyLines(client: pg.ClientBase, sql: string): AsyncGenerator<string[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of client.query(copyTo(`COPY (${sql}) TO STDOUT`)) as AsyncIterable<Buffer>) {
    const end = chunk.lastIndexOf(LINE_END);
    if (end < 0) rest = Buffer.concat([rest, chunk]);
    else {
      yield Buffer.concat([rest, chunk.subarray(0, end)])
        .toString()
        .split("\n");
      rest = chunk.subarray(end + 1);
    }
  }
}
