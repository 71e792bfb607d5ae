/** Whether letters of a kind arrive faster than before: `new` ones arrived only in the later half of the time. */
export type Trend = "new" | "growing" | "steady" | "fading";

/** A difference between the halves of this many standard deviations is not chance (counts vary by their square root). */
const DEVIATIONS_MIN = 2;

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/**
 * The trend of a kind of letters, from its counts in equal time buckets, oldest
 * first. Its first letter arrived at `firstMs`; `middleMs` is the middle of the time.
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
 * The version that introduced a kind of letters: that of its first one, unless no earlier version
 * is known to have failed in any way. `versions` are in the order of their first letters.
 */
export function newSince(firstVersion: string | null, versions: readonly { version: string }[]): string | null {
  return firstVersion !== null && versions.findIndex(({ version }) => version === firstVersion) > 0 ? firstVersion : null;
}
