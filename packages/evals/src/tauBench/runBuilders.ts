import type { ExpectedRun, FinishedRun } from "./runRule.ts";

/** A run that changed nothing, said nothing and ended in time, for tests. */
export function aRun(changes: Partial<FinishedRun> = {}): FinishedRun {
  return { ended: true, steps: 3, answers: [], finalState: {}, ...changes };
}

/** An expectation that `aRun()` meets, for tests. */
export function anExpectation(changes: Partial<ExpectedRun> = {}): ExpectedRun {
  return { outputs: [], endsWithin: 30, finalState: {}, ...changes };
}
