import type { BenchStore, Traffic } from "@signalbox/db/clickhouse";
import { trafficPieces } from "@signalbox/db/clickhouse";
import { AppError, bytesText, countText } from "@signalbox/model";
import type { Progress } from "../../commandLine/progress.ts";
import { freeBytes } from "../../supervisor/dataFolder/dataFolder.ts";

/** The disk space of a span while it is stored and merged, as measured, with room to spare. */
const DISK_BYTES_PER_SPAN = { plain: 450, indexed: 700 } as const;

/** The approximate number of spans that this machine stores per second, for the estimate alone. */
const SPANS_PER_SECOND = 60_000;

/** Throws when the spans would not fit on the disk of `folder`. */
export function requireRoom(folder: string, spans: number, textIndex: boolean): void {
  const needed = spans * DISK_BYTES_PER_SPAN[textIndex ? "indexed" : "plain"];
  const free = freeBytes(folder);
  if (free >= needed) return;
  throw new AppError("infrastructure", `${countText(spans)} spans need ${bytesText(needed)} of disk; ${bytesText(free)} are free.`, {
    hint: "Ask for fewer with --spans, or point TMPDIR to a larger disk.",
  });
}

/** The estimated time for storing this many spans, in words. */
export function estimatedTime(spans: number): string {
  const seconds = spans / SPANS_PER_SECOND;
  return seconds < 90 ? `about ${Math.ceil(seconds)} s` : `about ${Math.ceil(seconds / 60)} min`;
}

/** Stores the traffic piece by piece. */
export async function fillStore(store: BenchStore, traffic: Traffic, progress: Progress, signal: AbortSignal): Promise<void> {
  const pieces = trafficPieces(traffic);
  for (const [index, piece] of pieces.entries()) {
    signal.throwIfAborted();
    await store.makeTraffic(traffic, piece);
    progress.update(Math.round(((index + 1) / pieces.length) * traffic.spans));
  }
}
