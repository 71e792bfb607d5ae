import { randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Transform, Writable } from "node:stream";
import type { EngineError } from "../engine/engineError.ts";

/** The fields of the `X-ClickHouse-Summary` header before a statement did anything. */
export const NOTHING_DONE = {
  read_rows: 0,
  read_bytes: 0,
  written_rows: 0,
  written_bytes: 0,
  total_rows_to_read: 0,
  result_rows: 0,
  result_bytes: 0,
  elapsed_ns: 0,
};

/** A statement's effects, with the fields of the `X-ClickHouse-Summary` header. */
export type Summary = typeof NOTHING_DONE;

/** The header's value: every count is a string, as a server writes it. */
export function summaryHeader(summary: Summary): string {
  return JSON.stringify(Object.fromEntries(Object.entries(summary).map(([name, count]) => [name, String(count)])));
}

/** A client that reads nothing for this long is disconnected, which frees the engine's thread that waits for it. */
const STALL_MS_MAX = 120_000;

/** The body of a successful answer, sent as it comes. It never throws: data for a disconnected client is dropped. */
export type ResponseBody = {
  write: (chunk: Buffer) => Promise<void>;
  end: () => Promise<void>;
  /**
   * Ends a body that an error cut short such that a client notices: the error
   * in a marked block, then a connection closed without the last chunk.
   */
  fail: (error: EngineError) => Promise<void>;
};

const CRLF = "\r\n";
const MARKER = "__exception__";

/** Sends the head of a successful answer and opens its body. */
export function openBody(
  response: ServerResponse,
  head: Readonly<Record<string, string>>,
  encoding: { name: string; encoder: Transform } | undefined,
): ResponseBody {
  const tag = randomBytes(8).toString("hex");
  response.writeHead(200, {
    ...head,
    "X-ClickHouse-Exception-Tag": tag,
    ...(encoding === undefined ? {} : { "Content-Encoding": encoding.name }),
  });
  encoding?.encoder.on("error", () => response.destroy()).pipe(response, { end: false });
  const sink: Writable = encoding?.encoder ?? response;
  const closed = new Promise<void>((resolve) => response.once("close", resolve));

  const drained = async (): Promise<void> => {
    const patience = setTimeout(() => response.destroy(), STALL_MS_MAX);
    await Promise.race([new Promise((resolve) => sink.once("drain", resolve)), closed]);
    clearTimeout(patience);
  };
  const flush = async (): Promise<void> => {
    if (encoding === undefined || response.destroyed) return;
    const ended = new Promise((resolve) => encoding.encoder.once("end", resolve));
    encoding.encoder.end();
    await Promise.race([ended, closed]);
  };
  return {
    write: async (chunk) => {
      if (!response.destroyed && !sink.write(chunk)) await drained();
    },
    end: async () => {
      await flush();
      response.end();
    },
    fail: async (error) => {
      if (response.destroyed) return;
      const text = `${error.message}\n`;
      sink.write(`${CRLF}${MARKER}${CRLF}${tag}${CRLF}${text}${Buffer.byteLength(text)} ${tag}${CRLF}${MARKER}${CRLF}`);
      await flush();
      response.socket?.end();
    },
  };
}
