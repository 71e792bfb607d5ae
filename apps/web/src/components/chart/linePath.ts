export type Point = { x: number; y: number };

/** An SVG path through the existing values: it breaks where one is missing, and a value between two gaps is a dot. */
export function linePath(
  values: readonly (number | null)[],
  placeOf: (step: number, value: number) => Point,
): { path: string; dots: Point[] } {
  const runs: Point[][] = [[]];
  for (const [step, value] of values.entries()) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push(placeOf(step, value));
  }
  const text = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return {
    path: runs
      .filter((run) => run.length > 1)
      .map((run) => `M${run.map(text).join("L")}`)
      .join(""),
    dots: runs.filter((run) => run.length === 1).flat(),
  };
}
