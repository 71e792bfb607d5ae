/** The approximate number of decisions per range. */
const DECISIONS_PER_RANGE = 20_000;

/** The approximate number of decisions whose chains a sweep keeps in memory. */
const DECISIONS_PER_SWEEP = 1_000_000;

const RANGES_MAX = 2 ** 16;

/** The most sweeps: each reads the whole store, so more of them take longer than reading along the index. */
const SWEEPS_MAX = 32;

const powerOfTwo = (least: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, least)));

/** Conditions that partition all tasks into ranges of about equal shares of `decisions`, since tasks' ids are random. */
export function rangesOf(decisions: number): string[] {
  return ranges(Math.min(RANGES_MAX, powerOfTwo(decisions / DECISIONS_PER_RANGE)));
}

/** Ranges for sweeps of about `decisions` decisions on `threads` threads; none where there are too many for sweeps. */
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

/** Those ranges of `rangesOf` that contain some of the tasks, each narrowed to these tasks. */
export function narrowed(all: readonly string[], taskIds: readonly string[]): string[] {
  // With a malformed id, everything is read.
  if (!taskIds.every((id) => UUID.test(id))) return [...all];
  const byRange = Map.groupBy(taskIds, (id) => Math.floor((Number.parseInt(id.slice(0, 4), 16) * all.length) / RANGES_MAX));
  return all.flatMap((range, at) => {
    const ids = byRange.get(at);
    return ids === undefined ? [] : [`${range} AND task_id = ANY('{${ids.join(",")}}')`];
  });
}
