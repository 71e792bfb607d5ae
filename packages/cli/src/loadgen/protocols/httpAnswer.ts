/** A complete answer of an HTTP/1.1 server. Header names are in lower case. */
export interface HttpAnswer {
  status: number;
  headers: ReadonlyMap<string, string>;
  body: Buffer;
  /** Whether the server keeps the connection open. */
  keepsAlive: boolean;
}

const HEAD_END = "\r\n\r\n";
const LINE_END = "\r\n";

/**
 * The answer in these bytes, or undefined while it is incomplete. Without
 * a length it ends with the connection. Throws where it is not HTTP.
 */
export function readHttpAnswer(bytes: Buffer, { isClosed }: { isClosed: boolean }): HttpAnswer | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, headEnd).split(LINE_END);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1];
  if (status === undefined) throw new Error("the answer is not HTTP/1.1");
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  const body = readBody(bytes.subarray(headEnd + HEAD_END.length), headers, isClosed);
  return body && { status: Number(status), headers, body, keepsAlive: !isClosed && headers.get("connection")?.toLowerCase() !== "close" };
}

function readBody(rest: Buffer, headers: ReadonlyMap<string, string>, isClosed: boolean): Buffer | undefined {
  if (headers.get("transfer-encoding")?.toLowerCase() === "chunked") return readChunks(rest);
  const length = headers.get("content-length");
  if (length === undefined) return isClosed ? rest : undefined;
  return rest.length < Number(length) ? undefined : rest.subarray(0, Number(length));
}

function readChunks(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const sizeEnd = bytes.indexOf(LINE_END, at);
    if (sizeEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString("latin1", at, sizeEnd), 16);
    const chunkAt = sizeEnd + LINE_END.length;
    if (Number.isNaN(size)) throw new Error("the answer's chunks cannot be read");
    // Answers to an export have no trailers: the last chunk is followed by one empty line.
    if (bytes.length < chunkAt + size + LINE_END.length) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(chunkAt, chunkAt + size));
    at = chunkAt + size + LINE_END.length;
  }
}
