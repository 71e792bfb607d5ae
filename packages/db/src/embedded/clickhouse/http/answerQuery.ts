import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { ConnectionPool, Lease } from "../engine/connectionPool.ts";
import type { EngineConnection, ReadResult, WriteResult } from "../engine/engine.ts";
import { EngineError, SYNTAX_ERROR } from "../engine/engineError.ts";
import { quoteString } from "../sql/sqlText.ts";
import { readStatement, type Statement } from "../sql/statement.ts";
import { chooseEncoding, decodedBody } from "./bodyEncoding.ts";
import { type QueryRequest, readForm, readQueryRequest, readWhole } from "./queryRequest.ts";
import { NOTHING_DONE, openBody, type ResponseBody, type Summary, summaryHeader } from "./responseBody.ts";
import { contentTypeOf, FORMAT_DEFAULT } from "./resultFormat.ts";
import type { ResultPipes } from "./resultPipe.ts";
import type { Spool } from "./spool.ts";

/** The parts that answer a query. The folder `handover` holds the data of inserts that arrive as files instead of bodies. */
export type QueryParts = { pool: ConnectionPool; pipes: ResultPipes; spool: Spool; handover: string };

/** A result up to this size is held back until the engine is done, so that an error can still become a status and the summary a header. */
const HELD_BYTES_MAX = 64 * 1024;

/** The end of a streamed result in the engine. */
type Outcome = { kind: "done"; result: ReadResult } | { kind: "failed"; error: EngineError };

const latin1 = (text: string): string => Buffer.from(text).toString("latin1");
const utf8 = (text: string): string => Buffer.from(text, "latin1").toString();

/** Answers one request to the HTTP interface; it throws only before any answer was sent. Every answer's head starts with `head`. */
export async function answerQuery(
  parts: QueryParts,
  incoming: IncomingMessage,
  response: ServerResponse,
  url: URL,
  head: Readonly<Record<string, string>>,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort(EngineError.own("QUERY_WAS_CANCELLED", "The client went away")));
  const body = decodedBody(incoming);
  const form = await readForm(incoming, body);
  const request = readQueryRequest(incoming, url, form);
  response.setHeader("X-ClickHouse-Query-Id", request.queryId);

  const { statement, data } = await readText(request, form === undefined ? body : undefined);
  const answer = new Answer(parts, request, incoming, response, head, gone.signal);
  if (statement.kind === "read") return answer.read(statement);
  if (statement.kind === "other") return answer.whole(utf8(statement.sql), statement.format);
  if (statement.kind === "write") return answer.write(utf8(statement.sql));
  if (statement.file !== undefined) return answer.load(statement, join(parts.handover, statement.file));

  await using spooled = await parts.spool.keep(Buffer.from(statement.inline, "latin1"), data);
  await answer.load(statement, spooled.path);
}

/** The statement, from the URL, the body or both; and the rest of the body, which is an insert's data. */
async function readText(request: QueryRequest, body: Readable | undefined): Promise<{ statement: Statement; data: Readable | undefined }> {
  const query = latin1(request.query);
  const ahead = query === "" ? undefined : readStatement(query);
  if (ahead?.kind === "load") return { statement: ahead, data: body };

  const rest = body === undefined ? "" : (await readWhole(body)).toString("latin1");
  const statement = ahead !== undefined && rest === "" ? ahead : readStatement(query === "" ? rest : `${query}\n${rest}`);
  return { statement, data: undefined };
}

/** One statement on its way through the engine into one HTTP answer. */
class Answer {
  readonly #parts: QueryParts;
  readonly #request: QueryRequest;
  readonly #incoming: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #head: Readonly<Record<string, string>>;
  readonly #gone: AbortSignal;

  constructor(
    parts: QueryParts,
    request: QueryRequest,
    incoming: IncomingMessage,
    response: ServerResponse,
    head: Readonly<Record<string, string>>,
    gone: AbortSignal,
  ) {
    this.#parts = parts;
    this.#request = request;
    this.#incoming = incoming;
    this.#response = response;
    this.#head = head;
    this.#gone = gone;
  }

  /**
   * Streams rows from a named pipe into which the engine writes them, formatted as one document; no
   * thread of ours waits for them. A small result that is wanted whole can do without the cost of a pipe.
   */
  async read({ before, format: own, after }: Extract<Statement, { kind: "read" }>): Promise<void> {
    const format = own ?? this.#request.defaultFormat ?? FORMAT_DEFAULT;
    const asSent = `${utf8(before)}${own === undefined ? "" : `FORMAT ${own}`}${utf8(after)}`;
    if (this.#request.isWhole) return this.whole(asSent, format);
    const syntaxError = await this.#run("read", async (connection) => {
      await using pipe = this.#parts.pipes.open();
      const outcome: Promise<Outcome> = connection
        .read(`${utf8(before)}\nINTO OUTFILE ${quoteString(pipe.path)} TRUNCATE FORMAT ${format}${utf8(after)}`, "Null")
        .then((result) => ({ kind: "done", result }) as const)
        .catch((error: unknown) => ({ kind: "failed", error: EngineError.from(error) }) as const);
      outcome.then(pipe.finish);
      try {
        return await this.#stream(pipe.stream, format, outcome);
      } finally {
        await outcome;
      }
    });
    // The engine quotes the text it was given in a syntax error: this time it gets the client's own.
    if (syntaxError) await this.whole(asSent, format);
  }

  /** Sends the stream as it comes. Resolves to whether it failed with a syntax error before anything was sent. */
  async #stream(stream: Readable, format: string, outcome: Promise<Outcome>): Promise<boolean> {
    const held: Buffer[] = [];
    let heldBytes = 0;
    let body: ResponseBody | undefined;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      held.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes <= HELD_BYTES_MAX) continue;
      body ??= this.#open(format, undefined);
      for (const next of held.splice(0)) await body.write(next);
    }
    const end = await outcome;
    if (end.kind === "failed") {
      if (body !== undefined) await body.fail(end.error);
      else if (end.error.code !== SYNTAX_ERROR) throw end.error;
      return body === undefined;
    }
    body ??= this.#open(format, readSummary(end.result));
    for (const next of held) await body.write(next);
    await body.end();
    return false;
  }

  /** Runs a statement with a small result, which is sent when the engine is done. */
  async whole(sql: string, own: string | undefined): Promise<void> {
    const format = own ?? this.#request.defaultFormat ?? FORMAT_DEFAULT;
    const result = await this.#run("read", (connection) => connection.read(sql, format));
    const body = this.#open(format, readSummary(result));
    if (result.bytes.length > 0) await body.write(result.bytes);
    await body.end();
  }

  async load({ head, settings, format }: Extract<Statement, { kind: "load" }>, path: string): Promise<void> {
    const clause = `FROM INFILE ${quoteString(path)} COMPRESSION 'none'`;
    await this.write(`${utf8(head)} ${clause} ${utf8(settings)} FORMAT ${format}`, path);
  }

  async write(sql: string, dataPath?: string): Promise<void> {
    const result = await this.#run("write", (connection) => connection.write(sql)).catch((error: unknown) => {
      throw dataPath === undefined ? error : withoutPath(EngineError.from(error), dataPath);
    });
    await this.#open(FORMAT_DEFAULT, writeSummary(result)).end();
  }

  #run<T>(kind: Lease["kind"], work: (connection: EngineConnection) => Promise<T>): Promise<T> {
    const { scope, session } = this.#request;
    return this.#parts.pool.run({ kind, scope, session }, this.#gone, work);
  }

  #open(format: string, summary: Summary | undefined): ResponseBody {
    const offers = this.#incoming.headers["accept-encoding"]?.toString();
    const head = {
      ...this.#head,
      "Content-Type": contentTypeOf(format),
      "X-ClickHouse-Format": format,
      ...(summary === undefined ? {} : { "X-ClickHouse-Summary": summaryHeader(summary) }),
    };
    return openBody(this.#response, head, this.#request.wantsCompression ? chooseEncoding(offers) : undefined);
  }
}

/** The engine's binding does not report the number of rows a statement read, only the number it returned. */
function readSummary({ elapsed, rowsRead, bytesRead }: Pick<ReadResult, "elapsed" | "rowsRead" | "bytesRead">): Summary {
  return { ...NOTHING_DONE, result_rows: rowsRead, result_bytes: bytesRead, elapsed_ns: nanoseconds(elapsed) };
}

function writeSummary({ elapsed, rowsWritten, bytesWritten }: WriteResult): Summary {
  const read = { read_rows: rowsWritten, read_bytes: bytesWritten };
  return { ...NOTHING_DONE, ...read, written_rows: rowsWritten, written_bytes: bytesWritten, elapsed_ns: nanoseconds(elapsed) };
}

const nanoseconds = (seconds: number): number => Math.round(seconds * 1e9);

/** Rewrites an engine error to be about the client's data, not about the file in which it waited. */
function withoutPath(error: EngineError, path: string): EngineError {
  return new EngineError(error.code, error.message.replaceAll(`: (in file/uri ${path})`, "").replaceAll(path, "data"), {
    cause: error.cause,
  });
}
