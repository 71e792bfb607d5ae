/** Whether letters of a kind come faster than they did: `new` came in the later half of the time alone. */
export type Trend = "new" | "growing" | "steady" | "fading";

/** So many standard deviations apart, two halves are no chance (counts vary by their square root). */
const DEVIATIONS_MIN = 2;

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/**
 * What the counts of equal steps of time, the oldest first, say of a kind of letters
 * whose first one came at `firstMs`, if the middle of that time is `middleMs`.
 */
export function trendOf(counts: readonly number[], firstMs: number, middleMs: number): Trend {
  const middle = Math.ceil(counts.length / 2);
  const [before, after] = [sum(counts.slice(0, middle)), sum(counts.slice(middle))];
  if (firstMs >= middleMs) return "new";
  const apart = after - before;
  if (Math.abs(apart) <= DEVIATIONS_MIN * Math.sqrt(before + after)) return "steady";
  return apart > 0 ? "growing" : "fading";
}

/**
 * The version with which a kind of letters began: that of its first one, unless no earlier
 * version is known to have failed in any way. `versions` are in the order of their first letters.
 */
export function newSince(firstVersion: string | null, versions: readonly { version: string }[]): string | null {
  return firstVersion !== null && versions.findIndex(({ version }) => version === firstVersion) > 0 ? firstVersion : null;
}
