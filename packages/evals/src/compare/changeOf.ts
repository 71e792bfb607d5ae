/** Differences that rounding makes are none: so much of the scale, which is the larger of the two values and at least 1. */
const ROUNDING = 1e-9;

/** How far a value went, in its own unit; 0 where rounding alone moved it. */
export function changeOf(was: number, is: number): number {
  const change = is - was;
  return Math.abs(change) <= ROUNDING * Math.max(1, Math.abs(was), Math.abs(is)) ? 0 : change;
}
