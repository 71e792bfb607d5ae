import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { MalformedBody } from "./malformedBody.ts";

/** The largest request that is taken, before and after decompression: what the OTLP specification recommends. */
export const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** How a body was compressed on its way. */
export type Compression = "identity" | "gzip" | "zstd";

/**
 * A body as its sender wrote it. Throws `MalformedBody`; never builds more than `BODY_BYTES_MAX` bytes.
 * Synchronous on purpose: requests are decompressed one after the other, so that many small bombs at once need no more memory than one.
 */
export function plainBody(body: Buffer, compression: Compression): Buffer {
  if (compression === "identity") return body;
  try {
    const decompress = compression === "zstd" ? zstdDecompressSync : gunzipSync;
    return decompress(body, { maxOutputLength: BODY_BYTES_MAX });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE")
      throw new MalformedBody(`the body is larger than ${BODY_BYTES_MAX} bytes once decompressed`, "too_large");
    throw new MalformedBody(`the body is no ${compression}: ${message}`);
  }
}
