import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type { Scope } from "../engine/engine.ts";
import { EngineError } from "../engine/engineError.ts";
import { readMultipart } from "./multipart.ts";

/** The largest statement in a body; an insert's data has no limit when the statement is in the URL. */
export const STATEMENT_BYTES_MAX = 64 * 1024 * 1024;

/** The largest result that is kept whole for a reader that wants it so; a larger one, or one without a limit, is streamed. */
const WHOLE_RESULT_BYTES_MAX = 256_000_000;

/**
 * A request to the HTTP interface, besides its body. `isWhole`: the client wants the end of the query before
 * the result, and has limited the result. `query` is the part of the statement from the URL or a form.
 */
export type QueryRequest = {
  queryId: string;
  query: string;
  scope: Scope;
  defaultFormat: string | undefined;
  session: { id: string; timeoutMs: number; mustExist: boolean } | undefined;
  isWhole: boolean;
  wantsCompression: boolean;
};

/** Parameters of the interface itself; every other one is a setting of the engine. */
const INTERFACE_PARAMS = new Set([
  "query",
  "database",
  "default_format",
  "user",
  "password",
  "quota_key",
  "query_id",
  "session_id",
  "session_timeout",
  "session_check",
  "close_session",
  "buffer_size",
  "wait_end_of_query",
  "stacktrace",
  "compress",
  "decompress",
  "role",
]);

const SESSION_SECONDS_DEFAULT = 60;
const SESSION_SECONDS_MAX = 3_600;

const isOn = (value: string | null | undefined): boolean => value === "1" || value === "true";

/** Parses a request's URL and headers, and its form, if it is one. A GET may only read, as on a server. */
export function readQueryRequest(request: IncomingMessage, url: URL, form: ReadonlyMap<string, string> = new Map()): QueryRequest {
  const all = new Map([...url.searchParams, ...form]);
  if (isOn(all.get("compress")) || isOn(all.get("decompress")))
    throw EngineError.own("NOT_IMPLEMENTED", "compress and decompress are not supported here; use Accept-Encoding and Content-Encoding");
  if (all.has("role")) throw EngineError.own("NOT_IMPLEMENTED", "The embedded engine has no roles");

  const queryId = all.get("query_id") || randomUUID();
  if (!/^[\x20-\x7e]+$/.test(queryId)) throw EngineError.own("BAD_ARGUMENTS", "A query id is printable ASCII");
  const defaultFormat = headerOf(request, "x-clickhouse-format") ?? all.get("default_format");
  if (defaultFormat !== undefined && !/^\w+$/.test(defaultFormat))
    throw EngineError.own("UNKNOWN_FORMAT", `Unknown format ${defaultFormat}`);

  const session = readSession(all);
  const settings = new Map<string, string>();
  const params = new Map<string, string>();
  for (const [name, value] of all) {
    if (name.startsWith("param_")) params.set(name.slice("param_".length), value);
    else if (!INTERFACE_PARAMS.has(name)) settings.set(name, value);
  }
  // In a session `readonly` would stay in force, and nothing could be set or written there any more.
  if (request.method === "GET" && session === undefined) settings.set("readonly", settings.get("readonly") === "1" ? "1" : "2");
  return {
    queryId,
    query: all.get("query") ?? "",
    scope: { database: all.get("database") || headerOf(request, "x-clickhouse-database"), settings, params },
    defaultFormat,
    session,
    isWhole: isOn(all.get("wait_end_of_query")) && isLimited(all.get("max_result_bytes")),
    wantsCompression: isOn(all.get("enable_http_compression")),
  };
}

function isLimited(bytesMax: string | undefined): boolean {
  const bytes = Number(bytesMax ?? 0);
  return bytes > 0 && bytes <= WHOLE_RESULT_BYTES_MAX;
}

function readSession(all: ReadonlyMap<string, string>): QueryRequest["session"] {
  const id = all.get("session_id");
  if (!id) return undefined;
  const seconds = Number(all.get("session_timeout") ?? SESSION_SECONDS_DEFAULT);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > SESSION_SECONDS_MAX)
    throw EngineError.own("INVALID_SESSION_TIMEOUT", `Invalid session timeout: it lies between 1 and ${SESSION_SECONDS_MAX} seconds`);
  return { id, timeoutMs: seconds * 1_000, mustExist: isOn(all.get("session_check")) };
}

/** The fields of a form (`multipart/form-data`), or undefined when the request is none: `query` and `param_…` may come that way. */
export async function readForm(request: IncomingMessage, body: Readable): Promise<ReadonlyMap<string, string> | undefined> {
  const boundary = /^multipart\/form-data;.*\bboundary="?([^";]+)"?/i.exec(request.headers["content-type"] ?? "")?.[1];
  return boundary === undefined ? undefined : readMultipart(await readWhole(body), boundary);
}

/** The whole body in memory, up to the largest statement. */
export async function readWhole(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > STATEMENT_BYTES_MAX)
      throw EngineError.own(
        "QUERY_IS_TOO_LARGE",
        "A statement in the body may have 64 MiB; put the statement into the URL and only its data into the body",
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
