/** Smaller differences, as a share of the larger value (at least 1), are due to rounding. */
const ROUNDING = 1e-9;

/** The change of a value, in its own unit; 0 where it is due to rounding. */
export function changeOf(was: number, is: number): number {
  const change = is - was;
  return Math.abs(change) <= ROUNDING * Math.max(1, Math.abs(was), Math.abs(is)) ? 0 : change;
}
