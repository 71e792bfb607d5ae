import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { MalformedBody } from "./malformedBody.ts";
import { BODY_BYTES_MAX, plainBody } from "./plainBody.ts";

const frame = (text: string | Buffer): Buffer => zstdCompressSync(text);

test.each([
  ["one frame", [frame("hello")], "hello"],
  ["an empty frame at the end, as LangSmith's client writes it", [frame("hello"), frame("")], "hello"],
  ["several frames", [frame("hel"), frame(""), frame("lo")], "hello"],
])("zstd: %s", (_name, frames, text) => {
  expect(plainBody(Buffer.concat(frames), "zstd").toString()).toBe(text);
});

test.each([
  ["something else behind the first frame", [frame("hello"), Buffer.from("there")]],
  ["a frame that is cut", [frame("hello"), frame("there").subarray(0, 9)]],
  ["frames without end", Array.from({ length: 200 }, () => frame(""))],
])("zstd: %s is refused", (_name, frames) => {
  expect(() => plainBody(Buffer.concat(frames), "zstd")).toThrow(MalformedBody);
});

test("a body too large after decompression is refused, in one frame, in several, and in gzip", () => {
  const half = Buffer.alloc(BODY_BYTES_MAX / 2);
  expect(plainBody(Buffer.concat([frame(half), frame(half), frame("")]), "zstd")).toHaveLength(BODY_BYTES_MAX);
  for (const [body, compression] of [
    [Buffer.concat([frame(half), frame(half), frame("x")]), "zstd"],
    [frame(Buffer.alloc(BODY_BYTES_MAX + 1)), "zstd"],
    [gzipSync(Buffer.alloc(BODY_BYTES_MAX + 1)), "gzip"],
  ] as const) {
    expect(() => plainBody(body, compression)).toThrow(expect.objectContaining({ fault: "too_large" }));
  }
});
