import type { TimeWindow } from "@signalbox/model";
import { z } from "zod";
import { LIST_LIMITS } from "./listLimits.ts";

const RANGE_MS_MAX = LIST_LIMITS.rangeDaysMax * 86_400_000;

/** How far "the last hour" reaches into the future, since a sender's clock may be ahead of ours. */
const CLOCK_AHEAD_MS = 60_000;

/** A time range as named by a person: the last so many milliseconds, or from one time to another (ISO 8601). At most 400 days. */
export const TimeRange = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("last"),
      ms: z.number().int().min(60_000).max(RANGE_MS_MAX),
    }),
    z.strictObject({ kind: z.literal("between"), from: z.iso.datetime({ offset: true }), to: z.iso.datetime({ offset: true }) }),
  ])
  .refine((range) => range.kind === "last" || Date.parse(range.from) < Date.parse(range.to), "`from` must be before `to`")
  .refine(
    (range) => range.kind === "last" || Date.parse(range.to) - Date.parse(range.from) <= RANGE_MS_MAX,
    `at most ${LIST_LIMITS.rangeDaysMax} days`,
  );
export type TimeRange = z.infer<typeof TimeRange>;

const nanoseconds = (ms: number): string => `${Math.max(0, Math.round(ms))}000000`;

/** The absolute window of a range at `nowMs`. */
export function resolveRange(range: TimeRange, nowMs: number): TimeWindow {
  return range.kind === "last"
    ? { from: nanoseconds(nowMs - range.ms), to: nanoseconds(nowMs + CLOCK_AHEAD_MS) }
    : { from: nanoseconds(Date.parse(range.from)), to: nanoseconds(Date.parse(range.to)) };
}
