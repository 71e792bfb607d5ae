/** About so many decisions are checked at a time. */
const DECISIONS_PER_RANGE = 20_000;

/** What is known of the chains of about so many decisions is kept in memory at a time. */
const DECISIONS_PER_SWEEP = 1_000_000;

const RANGES_MAX = 2 ** 16;

/** Each sweep reads the whole store: more of them take longer than reading along the index. */
const SWEEPS_MAX = 32;

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, least)));

/** Ranges of tasks, as conditions, every task in one, each with its share of about `decisions`: tasks' ids are random. */
export function rangesOf(decisions: number): string[] {
  return ranges(Math.min(RANGES_MAX, powerOfTwo(decisions / DECISIONS_PER_RANGE)));
}

/** Ranges for sweeps of about `decisions` on so many threads; none where there is too much for them. */
export function sweepsOf(decisions: number, threads: number): string[] {
  const count = powerOfTwo(Math.max(threads, decisions / DECISIONS_PER_SWEEP));
  return count > SWEEPS_MAX ? [] : ranges(count);
}

function ranges(count: number): string[] {
  const first = (range: number): string =>
    `'${((range * RANGES_MAX) / count).toString(16).padStart(4, "0")}0000-0000-0000-0000-000000000000'`;
  return Array.from({ length: count }, (_, range) =>
    range === count - 1 ? `task_id >= ${first(range)}` : `task_id >= ${first(range)} AND task_id < ${first(range + 1)}`,
  );
}

const UUID = /^[0-9a-f]{4}[0-9a-f-]{32}$/;

/** Of ranges of `rangesOf` those that have some of the tasks, and of each range these alone. */
export function narrowed(all: readonly string[], taskIds: readonly string[]): string[] {
  // An id that is none is read as it is, with all there is.
  if (!taskIds.every((id) => UUID.test(id))) return [...all];
  const byRange = Map.groupBy(taskIds, (id) => Math.floor((Number.parseInt(id.slice(0, 4), 16) * all.length) / RANGES_MAX));
  return all.flatMap((range, at) => {
    const ids = byRange.get(at);
    return ids === undefined ? [] : [`${range} AND task_id = ANY('{${ids.join(",")}}')`];
  });
}
