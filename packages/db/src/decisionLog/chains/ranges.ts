/** About so many decisions are checked at a time. */
const DECISIONS_PER_RANGE = 20_000;

const RANGES_MAX = 2 ** 16;

/** Ranges of tasks, as conditions, every task in one, each with its share of about `decisions`: tasks' ids are random. */
export function rangesOf(decisions: number): string[] {
  const count = Math.min(RANGES_MAX, 2 ** Math.ceil(Math.log2(Math.max(1, decisions / DECISIONS_PER_RANGE))));
  const first = (range: number): string =>
    `'${((range * RANGES_MAX) / count).toString(16).padStart(4, "0")}0000-0000-0000-0000-000000000000'`;
  return Array.from({ length: count }, (_, range) =>
    range === count - 1 ? `task_id >= ${first(range)}` : `task_id >= ${first(range)} AND task_id < ${first(range + 1)}`,
  );
}
