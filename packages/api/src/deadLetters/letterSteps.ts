import type { LetterSteps } from "@signalbox/db/prisma";
import { z } from "zod";

const HOUR_MS = 3_600_000;

/** Times that end now, and the steps in which each is counted. */
const STEPS = {
  "24h": { stepMs: HOUR_MS, count: 24 },
  "7d": { stepMs: 6 * HOUR_MS, count: 28 },
  "30d": { stepMs: 24 * HOUR_MS, count: 30 },
} as const;

/** How far back letters are counted: a day by the hour, a week by six hours, thirty days by the day. */
export const LetterRange = z.enum(["24h", "7d", "30d"]);
export type LetterRange = z.infer<typeof LetterRange>;

/** The steps of a time that ends with the one that `nowMs` is in. They begin where UTC's hours and days do. */
export function letterSteps(range: LetterRange, nowMs: number): LetterSteps {
  const { stepMs, count } = STEPS[range];
  return { fromMs: (Math.floor(nowMs / stepMs) - count + 1) * stepMs, stepMs, count };
}
