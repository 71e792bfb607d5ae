import protobuf from "protobufjs/minimal.js";

/** The number of rejected spans in an ExportTraceServiceResponse: partial_success (1), rejected_spans (1); 0 for an unreadable one. */
export function rejectedSpans(body: Buffer): number {
  if (body.length === 0) return 0;
  try {
    const reader = protobuf.Reader.create(body);
    if (reader.uint32() >>> 3 !== 1) return 0;
    const end = reader.uint32() + reader.pos;
    while (reader.pos < end) {
      const key = reader.uint32();
      if (key >>> 3 === 1) return Number(reader.int64());
      reader.skipType(key & 7);
    }
    return 0;
  } catch {
    return 0;
  }
}
