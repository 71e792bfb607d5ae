import { formatShare } from "../../format/amounts.ts";

/** How a number stands to what it was in the period before. `text` leaves the direction to `kind`. */
export type Change = { kind: "up" | "down"; text: string } | { kind: "same" } | { kind: "new" } | { kind: "unknown" };

/** What differs less, as a share of what it was, is no change to speak of. */
const SAME = 0.005;
/** The difference up to which two estimates, each right to 1 %, are the same. */
export const SAME_ESTIMATE = 0.02;
/** What has grown more than this is told in times, not in percent. */
const TIMES_FROM = 10;

/** The change of an amount, as a share of what it was; null where there was nothing to tell. `same` is the share that is no change yet. */
export function changeOf(now: number | null, before: number | null, same = SAME): Change {
  if (now === null || before === null) return { kind: "unknown" };
  if (before === 0) return { kind: now === 0 ? "unknown" : "new" };
  const ratio = now / before;
  if (Math.abs(ratio - 1) < same) return { kind: "same" };
  if (ratio > TIMES_FROM) return { kind: "up", text: `${Number(ratio.toPrecision(2))} times` };
  return { kind: ratio > 1 ? "up" : "down", text: `${Math.round(Math.abs(ratio - 1) * 100)}%` };
}

/** The change of a share, in points of a percent: a share of a share misleads. */
export function shareChangeOf(now: number | null, before: number | null): Change {
  if (now === null || before === null) return { kind: "unknown" };
  const points = now - before;
  if (Math.abs(points) < 0.0005) return { kind: "same" };
  return { kind: points > 0 ? "up" : "down", text: `${formatShare(Math.abs(points)).replace("%", "")} points` };
}
