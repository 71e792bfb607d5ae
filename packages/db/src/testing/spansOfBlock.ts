import type { Span } from "@signalbox/model";
import { StoredSpan } from "../clickhouse/traces/storedSpan.ts";
import { readBlock } from "./readBlock.ts";

const NANO_USD = 1e9;

/** The spans of a block in Native format, as a reader of the store gets them. */
export function spansOfBlock(pieces: readonly Buffer[]): Span[] {
  return readBlock(pieces).map((row) => {
    const property = (column: string): string => column.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const { startTime, endTime, costUsd, parentSpanId, ...rest } = Object.fromEntries(
      Object.entries(row).map(([column, value]) => [property(column), value]),
    );
    return StoredSpan.parse({
      ...rest,
      parentSpanId: /^0*$/.test(String(parentSpanId)) ? "" : parentSpanId,
      startTimeUnixNano: String(startTime),
      endTimeUnixNano: String(endTime),
      costUsd: costUsd === null ? null : Number(costUsd) / NANO_USD,
    });
  });
}
