import type { LetterSteps } from "@signalbox/db/prisma";
import { z } from "zod";

const HOUR_MS = 3_600_000;

/** Time ranges that end now, and their buckets. */
const STEPS = {
  "24h": { stepMs: HOUR_MS, count: 24 },
  "7d": { stepMs: 6 * HOUR_MS, count: 28 },
  "30d": { stepMs: 24 * HOUR_MS, count: 30 },
} as const;

/** The range over which letters are counted: a day by the hour, a week by six hours, thirty days by the day. */
export const LetterRange = z.enum(["24h", "7d", "30d"]);
export type LetterRange = z.infer<typeof LetterRange>;

/** The buckets of a range that ends with the one containing `nowMs`. They are aligned to UTC's hours and days. */
export function letterSteps(range: LetterRange, nowMs: number): LetterSteps {
  const { stepMs, count } = STEPS[range];
  return { fromMs: (Math.floor(nowMs / stepMs) - count + 1) * stepMs, stepMs, count };
}
