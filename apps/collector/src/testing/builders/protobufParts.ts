import protobuf from "protobufjs/minimal.js";

// Builders of protobuf messages by field number, for tests that state every byte on the wire.

/** A message, or packed values, in a field. */
export function part(field: number, ...content: readonly Uint8Array[]): Buffer {
  return Buffer.from(protobuf.Writer.create().uint32(tag(field, 2)).bytes(Buffer.concat(content)).finish());
}

export function textPart(field: number, text: string): Buffer {
  return part(field, Buffer.from(text));
}

export function varintPart(field: number, value: number): Buffer {
  return Buffer.from(protobuf.Writer.create().uint32(tag(field, 0)).int32(value).finish());
}

export function zigzagPart(field: number, value: number): Buffer {
  return Buffer.from(protobuf.Writer.create().uint32(tag(field, 0)).sint32(value).finish());
}

export function doublePart(field: number, value: number): Buffer {
  return Buffer.concat([Buffer.from([tag(field, 1)]), double(value)]);
}

export function fixedPart(field: number, value: bigint): Buffer {
  return Buffer.concat([Buffer.from([tag(field, 1)]), fixed(value)]);
}

/** Eight bytes without a tag, for packed fields. */
function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

export function fixed(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}

function tag(field: number, wire: number): number {
  return (field << 3) | wire;
}
