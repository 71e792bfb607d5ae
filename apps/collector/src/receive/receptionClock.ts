/** The step between two times of receipt, in microseconds: it leaves room for the version of a stored row that re-pricing makes. */
const STEP_US = 2;

/**
 * The most by which the last time may be ahead of the clock, in microseconds. If it is further ahead, the clock was wrong before, and
 * following the old times would hide new versions for as long.
 */
const LEAD_MAX_US = 86_400_000_000;

/**
 * A clock for times of receipt, in microseconds since 1970. Later receipt means a later version of a span, so no time occurs twice and none
 * is before `afterUs`, the last one so far: if `clock` (milliseconds since 1970) is set back, times go on in small steps until it has
 * caught up. If it is set back by more than a day, they restart from it, and versions before and after that are in no order.
 */
export function receptionClock(clock: () => number, afterUs: number): () => number {
  let lastUs = afterUs;
  return () => {
    const nowUs = clock() * 1_000;
    lastUs = lastUs - nowUs > LEAD_MAX_US ? nowUs : Math.max(nowUs, lastUs + STEP_US);
    return lastUs;
  };
}
