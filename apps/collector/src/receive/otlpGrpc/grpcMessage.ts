import type { Compression } from "../../decode/index.ts";

/** The prefix of a message on the wire: one byte that says whether it is compressed, and four of its length. */
export const PREFIX_BYTES = 5;

/** The single message of a unary call, still compressed. */
export interface GrpcMessage {
  kind: "message";
  compression: Compression;
  body: Buffer;
}

/** A call's message, or the reason why it is malformed. `compression` is what the header announces for messages marked as compressed. */
export function messageOf(call: Buffer, compression: Compression): GrpcMessage | { kind: "malformed"; reason: string } {
  if (call.length < PREFIX_BYTES) return { kind: "malformed", reason: "the call has no message" };
  if (call.readUInt32BE(1) !== call.length - PREFIX_BYTES) return { kind: "malformed", reason: "the call is not one whole message" };
  const body = call.subarray(PREFIX_BYTES);
  switch (call[0]) {
    case 0:
      return { kind: "message", compression: "identity", body };
    case 1:
      if (compression === "identity") return { kind: "malformed", reason: "the message is compressed and its call does not say how" };
      return { kind: "message", compression, body };
    default:
      return { kind: "malformed", reason: "the message's first byte is neither 0 nor 1" };
  }
}

/** An uncompressed message with its prefix. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(PREFIX_BYTES + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}
