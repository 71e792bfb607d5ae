import { formatShare } from "../../format/amounts.ts";

/** The change of a number against the previous period. `text` leaves the direction to `kind`. */
export type Change = { kind: "up" | "down"; text: string } | { kind: "same" } | { kind: "new" } | { kind: "unknown" };

/** The relative difference below which there is no change worth mentioning. */
const SAME = 0.005;
/** The relative difference up to which two estimates, each accurate to 1 %, are the same. */
export const SAME_ESTIMATE = 0.02;
/** The factor from which growth is given in times, not in percent. */
const TIMES_FROM = 10;

/** The relative change of an amount; null where there is no value. `same` is the largest difference that counts as no change. */
export function changeOf(now: number | null, before: number | null, same = SAME): Change {
  if (now === null || before === null) return { kind: "unknown" };
  if (before === 0) return { kind: now === 0 ? "unknown" : "new" };
  const ratio = now / before;
  if (Math.abs(ratio - 1) < same) return { kind: "same" };
  if (ratio > TIMES_FROM) return { kind: "up", text: `${Number(ratio.toPrecision(2))} times` };
  return { kind: ratio > 1 ? "up" : "down", text: `${Math.round(Math.abs(ratio - 1) * 100)}%` };
}

/** The change of a share, in percentage points: a share of a share would mislead. */
export function shareChangeOf(now: number | null, before: number | null): Change {
  if (now === null || before === null) return { kind: "unknown" };
  const points = now - before;
  if (Math.abs(points) < 0.0005) return { kind: "same" };
  return { kind: points > 0 ? "up" : "down", text: `${formatShare(Math.abs(points)).replace("%", "")} points` };
}
