import { gunzipSync, type ZstdDecompress, zstdDecompressSync } from "node:zlib";
import { MalformedBody } from "./malformedBody.ts";

/** The largest request that is taken, before and after decompression: what the OTLP specification recommends. */
export const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** How a body was compressed on its way. */
export type Compression = "identity" | "gzip" | "zstd";

export function isCompression(name: string): name is Compression {
  return name === "identity" || name === "gzip" || name === "zstd";
}

/**
 * A body as its sender wrote it. Throws `MalformedBody`; never builds more than `BODY_BYTES_MAX` bytes.
 * Synchronous on purpose: requests are decompressed one after the other, so that many small bombs at once need no more memory than one.
 */
export function plainBody(body: Buffer, compression: Compression): Buffer {
  if (compression === "identity") return body;
  try {
    return compression === "gzip" ? gunzipSync(body, { maxOutputLength: BODY_BYTES_MAX }) : zstdFrames(body);
  } catch (error) {
    if (error instanceof MalformedBody) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw new MalformedBody(`the body is larger than ${BODY_BYTES_MAX} bytes once decompressed`, "too_large");
    throw new MalformedBody(`the body is no ${compression}: ${message}`);
  }
}

/** A body is one frame, or one and an empty one behind it (LangSmith's client); many would cost more to begin than to read. */
const FRAMES_MAX = 100;

/** Frames may follow one another (RFC 8878, section 3.1). Node reads the first and is silent about the others, which would be lost. */
function zstdFrames(body: Buffer): Buffer {
  const frames: Buffer[] = [];
  let bytesLeft = BODY_BYTES_MAX;
  let from = 0;
  do {
    if (frames.length === FRAMES_MAX) throw new Error(`it has more than ${FRAMES_MAX} frames`);
    // An output of nothing is no limit that Node takes; what is over it by that one byte is found below.
    const options = { maxOutputLength: Math.max(1, bytesLeft), info: true };
    const { buffer, engine } = zstdDecompressSync(body.subarray(from), options) as unknown as { buffer: Buffer; engine: ZstdDecompress };
    frames.push(buffer);
    bytesLeft -= buffer.length;
    from += engine.bytesWritten;
  } while (from < body.length);
  if (bytesLeft < 0) throw new MalformedBody(`the body is larger than ${BODY_BYTES_MAX} bytes once decompressed`, "too_large");
  return Buffer.concat(frames);
}
