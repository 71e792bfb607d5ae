import type { Reconciliation } from "@signalbox/model";

type Counts = Reconciliation["counts"];

/** One step of time on the chart, of one source or several together. `time` is its start in seconds since 1970. */
export interface TimeStep {
  time: number;
  isClosed: boolean;
  counts: Counts;
  isWrong: boolean;
}

/** The steps of a window, including empty ones. A step is wrong if one of the sources' counts does not add up. */
export function stepsOf(sources: readonly Reconciliation[], window: { from: number; to: number; stepSeconds: number }): TimeStep[] {
  const { from, to, stepSeconds } = window;
  const steps = new Map<number, TimeStep>();
  for (let time = from; time < to; time += stepSeconds) steps.set(time, { time, isClosed: true, counts: { ...NONE }, isWrong: false });
  for (const { times } of sources) {
    for (const { time, isClosed, counts, discrepancies } of times) {
      const step = steps.get(time);
      if (step === undefined) continue;
      step.counts = sumOf(step.counts, counts);
      step.isClosed &&= isClosed;
      step.isWrong ||= discrepancies.length > 0;
    }
  }
  return [...steps.values()];
}

const NONE: Counts = {
  received: 0,
  accepted: 0,
  rejected: 0,
  unread: 0,
  journaled: 0,
  made: 0,
  stored: 0,
  sampled: 0,
  refused: 0,
  deleted: 0,
  readable: 0,
  deduplicated: 0,
  missing: 0,
};

/** Adds counts; a count unknown for one is unknown for both. */
function sumOf(a: Counts, b: Counts): Counts {
  const names = Object.keys(NONE) as (keyof Counts)[];
  const sums = names.map((name) => {
    const [left, right] = [a[name], b[name]];
    return [name, left === null || right === null ? null : left + right];
  });
  return Object.fromEntries(sums) as Counts;
}
