import type { IncomingMessage } from "node:http";
import type { Readable, Transform } from "node:stream";
import {
  createBrotliCompress,
  createBrotliDecompress,
  createDeflate,
  createGunzip,
  createGzip,
  createInflate,
  createZstdCompress,
  createZstdDecompress,
  constants as zlib,
} from "node:zlib";
import { EngineError } from "../engine/engineError.ts";

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  deflate: createInflate,
  zstd: createZstdDecompress,
  br: createBrotliDecompress,
};

/** Loopback is fast and processor time is scarce: every encoder compresses lightly. */
const ENCODERS: Record<string, () => Transform> = {
  gzip: () => createGzip({ level: 1 }),
  deflate: () => createDeflate({ level: 1 }),
  zstd: () => createZstdCompress({ params: { [zlib.ZSTD_c_compressionLevel]: 1 } }),
  br: () => createBrotliCompress({ params: { [zlib.BROTLI_PARAM_QUALITY]: 1 } }),
};

/** The request's body, decoded by its Content-Encoding. */
export function decodedBody(request: IncomingMessage): Readable {
  const encoding = request.headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity" || encoding === "") return request;
  const createDecoder = DECODERS[encoding];
  if (createDecoder === undefined)
    throw EngineError.own("NOT_IMPLEMENTED", `Content-Encoding ${encoding} is not supported; use gzip, deflate, zstd or br`);
  const decoder = createDecoder();
  request.once("error", (error) => decoder.destroy(error));
  request.once("close", () => {
    if (!request.complete) decoder.destroy(new Error("the client went away"));
  });
  decoder.once("error", () => request.resume());
  return request.pipe(decoder);
}

/** The first supported encoding of an Accept-Encoding, with its encoder. */
export function chooseEncoding(acceptEncoding: string | undefined): { name: string; encoder: Transform } | undefined {
  for (const offer of (acceptEncoding ?? "").split(",")) {
    const [name = "", ...attributes] = offer.split(";").map((piece) => piece.trim().toLowerCase());
    const createEncoder = ENCODERS[name];
    if (createEncoder !== undefined && !attributes.includes("q=0")) return { name, encoder: createEncoder() };
  }
  return undefined;
}
