import type { SegmentReader } from "./segmentReader.ts";
import type { SegmentSet } from "./segmentSet.ts";
import { cutSegment, type Position } from "./segments.ts";

/**
 * Findings at opening: bytes cut from the end of the last segment (written but never acknowledged), whether the progress file was
 * unreadable, and whether a segment that was being written to the store is gone, which only another program can have caused.
 */
export interface Recovery {
  tornBytes: number;
  progressLost: boolean;
  segmentGone: boolean;
}

/**
 * Cuts off a half-written record; returns the number of bytes. Only the end of the last segment can be half written: nothing was appended
 * to the others once it existed. What lies before `written` is not read.
 */
export async function cutTornTail(folder: string, segments: SegmentSet, reader: SegmentReader, written: Position): Promise<number> {
  const segment = segments.last;
  const to = segments.sizeOf(segment);
  const from = segment === written.segment ? written.offset : 0;
  for await (const { kind, range } of reader.readAll({ segment, from, to })) {
    if (kind !== "damaged" || range.to < to) continue;
    await cutSegment(folder, { segment, offset: range.from });
    segments.resize(segment, range.from);
    return to - range.from;
  }
  return 0;
}
