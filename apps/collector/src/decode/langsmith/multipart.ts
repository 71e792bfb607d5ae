import { MalformedBody } from "../malformedBody.ts";

/** One part of a multipart body; a part without a name has an empty one. */
export interface Part {
  name: string;
  mediaType: string;
  content: Buffer;
}

/** The whole parts of a body, and the remainder after the last of them (empty if the body ends properly). */
export interface Parts {
  parts: Part[];
  cut: Buffer;
}

const LINE = "\r\n";
const HEADERS_END = `${LINE}${LINE}`;

/** RFC 2046 allows 70 characters for a boundary; this limit includes the two dashes before it and leaves room. */
const DELIMITER_BYTES_MAX = 200;
const HEADERS_BYTES_MAX = 16 * 1024;

/** The most parts in one body: a run has about eight, a trace at most 25,000 runs. */
const PARTS_MAX = 500_000;

/**
 * Reads a `multipart/form-data` body (RFC 7578). The boundary is taken from the beginning of the body, since senders write no preamble. A
 * part with a length (`Content-Length`, or `length` of its `Content-Type`) may contain the boundary. Throws `MalformedBody` if no part can
 * be read.
 */
export function readMultipart(body: Buffer): Parts {
  const firstLineEnd = body.subarray(0, DELIMITER_BYTES_MAX).indexOf(LINE);
  if (firstLineEnd < 3 || body.toString("latin1", 0, 2) !== "--")
    throw new MalformedBody("the body does not begin with the boundary of a multipart body");
  const delimiter = Buffer.concat([Buffer.from(LINE), body.subarray(0, firstLineEnd)]);

  const parts: Part[] = [];
  let from = firstLineEnd;
  while (startsAt(body, from, LINE)) {
    if (parts.length === PARTS_MAX) throw new MalformedBody(`more than ${PARTS_MAX} parts in one request`, "too_large");
    const headersFrom = from + LINE.length;
    const headersEnd = body.subarray(headersFrom, headersFrom + HEADERS_BYTES_MAX).indexOf(HEADERS_END);
    if (headersEnd === -1) return cutAt(headersFrom);
    const headers = headersOf(body.toString("utf8", headersFrom, headersFrom + headersEnd));
    const contentFrom = headersFrom + headersEnd + HEADERS_END.length;
    const contentEnd = endOfContent(body, contentFrom, delimiter, headers.length);
    if (contentEnd === null) return cutAt(headersFrom);
    parts.push({ name: headers.name, mediaType: headers.mediaType, content: body.subarray(contentFrom, contentEnd) });
    from = contentEnd + delimiter.length;
  }
  const behind = from + "--".length;
  return cutAt(startsAt(body, behind, LINE) ? behind + LINE.length : behind);

  function cutAt(end: number): Parts {
    if (parts.length === 0 && end < body.length) throw new MalformedBody("no part of the form is whole");
    return { parts, cut: body.subarray(end) };
  }
}

/** The offset of the delimiter after a part: right after the given length if it is there, or else its first occurrence. */
function endOfContent(body: Buffer, from: number, delimiter: Buffer, length: number | null): number | null {
  if (length !== null && isDelimiter(body, from + length, delimiter)) return from + length;
  for (let at = body.indexOf(delimiter, from); at !== -1; at = body.indexOf(delimiter, at + 1)) {
    if (isDelimiter(body, at, delimiter)) return at;
  }
  return null;
}

function isDelimiter(body: Buffer, at: number, delimiter: Buffer): boolean {
  const end = at + delimiter.length;
  if (end > body.length || body.compare(delimiter, 0, delimiter.length, at, end) !== 0) return false;
  return startsAt(body, end, LINE) || startsAt(body, end, "--");
}

function startsAt(body: Buffer, at: number, text: string): boolean {
  return body.toString("latin1", at, at + text.length) === text;
}

const NAME = /;\s*name="(.*?)"\s*(?:;|$)/;
const LENGTH = /;\s*length=(\d{1,9})\s*(?:;|$)/;

function headersOf(text: string): { name: string; mediaType: string; length: number | null } {
  const headers = new Map(
    text.split(LINE).map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const type = headers.get("content-type") ?? "";
  const length = headers.get("content-length") ?? LENGTH.exec(type)?.[1];
  return {
    name: NAME.exec(headers.get("content-disposition") ?? "")?.[1] ?? "",
    mediaType: type.replace(LENGTH, "").trim(),
    length: length !== undefined && /^\d{1,9}$/.test(length) ? Number(length) : null,
  };
}
