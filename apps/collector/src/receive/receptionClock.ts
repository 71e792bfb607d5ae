/** Between two moments of receipt there is room for a version that is made of a stored row anew (repricing), in microseconds. */
const STEP_US = 2;

/**
 * A clock for moments of receipt, in microseconds since 1970. What is received later is the later version of a span, so no moment comes
 * twice and none is before `afterUs`, the last there was: where `clock` (milliseconds since 1970) is set back, moments go on from there
 * in steps until it has caught up.
 */
export function receptionClock(clock: () => number, afterUs: number): () => number {
  let lastUs = afterUs;
  return () => {
    lastUs = Math.max(clock() * 1_000, lastUs + STEP_US);
    return lastUs;
  };
}
