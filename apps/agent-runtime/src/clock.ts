/** A source of time. */
export type Clock = {
  /** Whole microseconds since 1970. */
  nowUs: () => number;
};

/** The machine's clock, finer than `Date`: a step may take less than a millisecond. */
export const systemClock: Clock = { nowUs: () => Math.round((performance.timeOrigin + performance.now()) * 1_000) };

/** Converts microseconds since 1970 to a `Date`, which keeps whole milliseconds. */
export function dateOfUs(us: number): Date {
  return new Date(Math.floor(us / 1_000));
}
