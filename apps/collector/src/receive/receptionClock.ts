/** Between two moments of receipt there is room for a version that is made of a stored row anew (repricing), in microseconds. */
const STEP_US = 2;

/** A clock that is so far behind the last moment (microseconds) was wrong before: to follow that would keep all from view for as long. */
const LEAD_MAX_US = 86_400_000_000;

/**
 * A clock for moments of receipt, in microseconds since 1970. What is received later is the later version of a span, so no moment comes
 * twice and none is before `afterUs`, the last there was: where `clock` (milliseconds since 1970) is set back, moments go on from there
 * in steps until it has caught up. Set back by more than a day, it begins anew: versions across that are in no order.
 */
export function receptionClock(clock: () => number, afterUs: number): () => number {
  let lastUs = afterUs;
  return () => {
    const nowUs = clock() * 1_000;
    lastUs = lastUs - nowUs > LEAD_MAX_US ? nowUs : Math.max(nowUs, lastUs + STEP_US);
    return lastUs;
  };
}
