import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { type Compression, MalformedBody, plainBody } from "../../decode/index.ts";
import { aSpan } from "../../testing/builders/otlpBuilders.ts";
import { tracesProtobuf } from "../../testing/builders/otlpProtobufBuilder.ts";
import { FUZZ_TIMEOUT_MS, fuzz } from "../../testing/fuzzing.ts";
import { TRACES } from "../signal.ts";
import { framed, messageOf, PREFIX_BYTES } from "./grpcMessage.ts";

// `SIGNALBOX_FUZZ_SECONDS=60 npm test -- otlpGrpc/fuzz` runs each target for a minute.

vi.setConfig({ testTimeout: FUZZ_TIMEOUT_MS });

const RECEIVED_AT_US = 1_763_900_002_000_000;

const message = tracesProtobuf([aSpan(), aSpan({ name: "größe" })]);

function marked(first: number, body: Uint8Array): Buffer {
  const call = framed(body);
  call[0] = first;
  return call;
}

/** The number of spans that a receiver counts in a message, or null if it refuses it. */
function spansIn(body: Buffer, compression: Compression): number | null {
  try {
    return TRACES.check(plainBody(body, compression), "protobuf", RECEIVED_AT_US).received;
  } catch (error) {
    if (error instanceof MalformedBody) return null;
    throw error;
  }
}

test.each<[string, Compression, Buffer[]]>([
  ["plain", "identity", [marked(0, message), marked(0, Buffer.alloc(0)), Buffer.concat([framed(message), framed(message)])]],
  ["in gzip", "gzip", [marked(1, gzipSync(message)), marked(0, message)]],
  ["in zstd", "zstd", [marked(1, zstdCompressSync(message)), marked(0, message)]],
])("calls %s: whatever the bytes, a call is its one whole message behind five bytes, or says why it is none", (_name, announced, seeds) => {
  const counts = new Set<number | null>();
  let malformed = 0;
  fuzz(seeds, (call) => {
    const told = messageOf(call, announced);
    if (told.kind === "malformed") {
      malformed += 1;
      expect(told.reason).not.toBe("");
      const isFrame = call.length >= PREFIX_BYTES && call.readUInt32BE(1) + PREFIX_BYTES === call.length;
      expect(isFrame && (call[0] === 0 || (call[0] === 1 && announced !== "identity"))).toBe(false);
      return;
    }
    // The message contains exactly the bytes of the call.
    expect(marked(told.compression === "identity" ? 0 : 1, told.body).equals(call)).toBe(true);
    counts.add(spansIn(told.body, told.compression));
  });
  expect(malformed).toBeGreaterThan(0);
  expect([...counts]).toEqual(expect.arrayContaining([2, null]));
});
