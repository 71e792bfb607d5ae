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
    return compression === "gzip" ? gunzipSync(body, { maxOutputLength: BODY_BYTES_MAX }) : zstdFrame(body);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw new MalformedBody(`the body is larger than ${BODY_BYTES_MAX} bytes once decompressed`, "too_large");
    throw new MalformedBody(`the body is no ${compression}: ${message}`);
  }
}

/** Node reads the first frame and is silent about what follows it, which would be lost: a body is one frame. */
function zstdFrame(body: Buffer): Buffer {
  const options = { maxOutputLength: BODY_BYTES_MAX, info: true };
  const { buffer, engine } = zstdDecompressSync(body, options) as unknown as { buffer: Buffer; engine: ZstdDecompress };
  if (engine.bytesWritten !== body.length) throw new Error("something follows its first frame");
  return buffer;
}
