import protobuf from "protobufjs/minimal.js";

/** The offsets of one span's ids and times in a request's bytes. `parentSpanId` is 0 for a root, which has none. */
export interface PatchPoints {
  traceId: number;
  spanId: number;
  parentSpanId: number;
  /** Start, end, and the times of its events. */
  times: number[];
}

const LENGTH_DELIMITED = 2;

/** The patch points of every span of an ExportTraceServiceRequest, in order. */
export function findPatchPoints(request: Uint8Array): PatchPoints[] {
  const reader = protobuf.Reader.create(request);
  const found: PatchPoints[] = [];
  const spans = (end: number): void => eachField(reader, end, { 2: (spanEnd) => found.push(pointsOfSpan(reader, spanEnd)) });
  const scopes = (end: number): void => eachField(reader, end, { 2: spans });
  eachField(reader, request.length, { 1: scopes });
  return found;
}

function pointsOfSpan(reader: protobuf.Reader, end: number): PatchPoints {
  const points: PatchPoints = { traceId: 0, spanId: 0, parentSpanId: 0, times: [] };
  const time = (): void => {
    points.times.push(reader.pos);
  };
  eachField(reader, end, {
    1: () => {
      points.traceId = reader.pos;
    },
    2: () => {
      points.spanId = reader.pos;
    },
    4: () => {
      points.parentSpanId = reader.pos;
    },
    7: time,
    8: time,
    11: (eventEnd) => eachField(reader, eventEnd, { 1: time }),
  });
  return points;
}

/** Calls a field's handler with the end of its value; the reader then continues after it. */
function eachField(reader: protobuf.Reader, end: number, at: Readonly<Record<number, (valueEnd: number) => void>>): void {
  while (reader.pos < end) {
    const key = reader.uint32();
    const wire = key & 7;
    const length = wire === LENGTH_DELIMITED ? reader.uint32() : undefined;
    const from = reader.pos;
    if (length === undefined) reader.skipType(wire);
    const valueEnd = length === undefined ? reader.pos : from + length;
    reader.pos = from;
    at[key >>> 3]?.(valueEnd);
    reader.pos = valueEnd;
  }
}
