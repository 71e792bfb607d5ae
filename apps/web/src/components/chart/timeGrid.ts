/** The steps that a chart is made of: `count` of them, each `stepMs` long, from `fromMs` on (milliseconds since 1970). */
export type TimeGrid = { fromMs: number; stepMs: number; count: number };

/** Some steps in a row, the first and the last of them. */
export type Stretch = { first: number; last: number };

/** Tells these steps from others. */
export function stepsName({ fromMs, stepMs, count }: TimeGrid): string {
  return `${fromMs} ${stepMs} ${count}`;
}

/** The moment at which a step begins. */
export function startOf({ fromMs, stepMs }: TimeGrid, step: number): number {
  return fromMs + step * stepMs;
}

/** The step at a share (0 to 1) of the chart's width, the nearest one for what lies outside. */
export function stepAtShare({ count }: TimeGrid, share: number): number {
  return clampStep(count, Math.floor(share * count));
}

/** The nearest of `count` steps. */
export function clampStep(count: number, step: number): number {
  return Math.max(0, Math.min(count - 1, step));
}

/** The stretch between two steps, whichever comes first. */
export function stretchOf(a: number, b: number): Stretch {
  return { first: Math.min(a, b), last: Math.max(a, b) };
}

/** A value for each step out of points that name theirs by the moment it begins at: `missing` where there is no point. */
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
