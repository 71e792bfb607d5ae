import { z } from "zod";

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+)(ms|s|m|h|d)$/;

/** A length of time: `90s`, `15m`, `2h`, `1d`. */
export const Duration = z.string().regex(DURATION, "is not a length of time such as 90s, 15m, 2h or 1d");

/** A `Duration` in milliseconds. */
export function durationMs(duration: z.infer<typeof Duration>): number {
  const [, count, unit] = DURATION.exec(duration) ?? [];
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}
