/** The steps of a chart: `count` of them, each `stepMs` long, from `fromMs` on (milliseconds since 1970). */
export type TimeGrid = { fromMs: number; stepMs: number; count: number };

/** Consecutive steps, from the first to the last, inclusive. */
export type Stretch = { first: number; last: number };

/** A key that identifies a grid. */
export function stepsName({ fromMs, stepMs, count }: TimeGrid): string {
  return `${fromMs} ${stepMs} ${count}`;
}

/** The time at which a step begins, in milliseconds since 1970. */
export function startOf({ fromMs, stepMs }: TimeGrid, step: number): number {
  return fromMs + step * stepMs;
}

/** The step at a share (0 to 1) of the chart's width; outside, the nearest one. */
export function stepAtShare({ count }: TimeGrid, share: number): number {
  return clampStep(count, Math.floor(share * count));
}

/** The nearest of `count` steps. */
export function clampStep(count: number, step: number): number {
  return Math.max(0, Math.min(count - 1, step));
}

/** The stretch between two steps, in either order. */
export function stretchOf(a: number, b: number): Stretch {
  return { first: Math.min(a, b), last: Math.max(a, b) };
}

/** One value per step, from points that give the time at which their step begins; `missing` where there is no point. */
export function alongGrid<Point, Value>(
  grid: TimeGrid,
  points: readonly Point[],
  atMsOf: (point: Point) => number,
  tell: (point: Point) => Value,
  missing: Value,
): Value[] {
  const values = Array.from({ length: grid.count }, () => missing);
  for (const point of points) {
    const step = Math.floor((atMsOf(point) - grid.fromMs) / grid.stepMs);
    if (step >= 0 && step < grid.count) values[step] = tell(point);
  }
  return values;
}
