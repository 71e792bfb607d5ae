import { gunzipSync, type ZstdDecompress, zstdDecompressSync } from "node:zlib";
import { MalformedBody } from "./malformedBody.ts";

/** The largest request, in bytes, before and after decompression: the OTLP specification's recommendation. */
export const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** The compression of a body on the wire. */
export type Compression = "identity" | "gzip" | "zstd";

export function isCompression(name: string): name is Compression {
  return name === "identity" || name === "gzip" || name === "zstd";
}

/**
 * Decompresses a body. Throws `MalformedBody`; never produces more than `bytesMax` bytes. Synchronous on purpose: requests are decompressed
 * one after the other, so that many small decompression bombs at once need no more memory than one.
 */
export function plainBody(body: Buffer, compression: Compression, bytesMax = BODY_BYTES_MAX): Buffer {
  if (compression === "identity") return body;
  try {
    return compression === "gzip" ? gunzipSync(body, { maxOutputLength: bytesMax }) : zstdFrames(body, bytesMax);
  } catch (error) {
    if (error instanceof MalformedBody) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(bytesMax);
    throw new MalformedBody(`the body is no ${compression}: ${message}`);
  }
}

function tooLarge(bytesMax: number): MalformedBody {
  return new MalformedBody(`the body is larger than ${bytesMax} bytes once decompressed`, "too_large");
}

/** The most frames in one body: clients send one or two, and starting each takes longer than reading it. */
const FRAMES_MAX = 100;

/**
 * Decompresses all frames of a body (RFC 8878, section 3): LangSmith's client sends two. Node reads only the first one and silently ignores
 * those after it.
 */
function zstdFrames(body: Buffer, bytesMax: number): Buffer {
  const frames: Buffer[] = [];
  let bytesLeft = bytesMax;
  for (let rest = body; rest.length > 0; ) {
    if (frames.length === FRAMES_MAX) throw new Error(`it has more than ${FRAMES_MAX} frames`);
    const options = { maxOutputLength: Math.max(1, bytesLeft), info: true };
    const { buffer, engine } = zstdDecompressSync(rest, options) as unknown as { buffer: Buffer; engine: ZstdDecompress };
    if (engine.bytesWritten === 0) throw new Error("a frame is cut off");
    frames.push(buffer);
    bytesLeft -= buffer.length;
    rest = rest.subarray(engine.bytesWritten);
  }
  if (bytesLeft < 0) throw tooLarge(bytesMax);
  return frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames);
}
