import { AppError } from "@signalbox/model";
import { clopperPearson, type Interval } from "../statistics/estimates/clopperPearson.ts";

/** A required pass rate: at least this much (in [0, 1]), with this confidence (in (0.5, 1)). */
export interface PassRatePolicy {
  readonly atLeast: number;
  readonly confidence: number;
}

/** The verdict with its interval. `inconclusive`: the required rate lies inside, more trials are needed. */
export type PassRateVerdict = { readonly kind: "pass" | "fail" | "inconclusive" } & Interval;

/**
 * Judges the pass rate of a finished evaluation. Pure. A wrong `pass` has a probability of at most 1 - confidence, and so has a
 * wrong `fail`. This holds for a fixed sample only: stopping at a pleasing verdict while results come in errs far more often.
 */
export function judgePassRate(counts: { passed: number; total: number }, policy: PassRatePolicy): PassRateVerdict {
  const { passed, total } = counts;
  const { atLeast, confidence } = policy;
  const isCount = Number.isSafeInteger(passed) && Number.isSafeInteger(total) && passed >= 0 && passed <= total;
  if (!isCount) throw new AppError("invalid_input", `${passed} of ${total} is not a number of passed trials`);
  if (!(atLeast >= 0 && atLeast <= 1)) throw new AppError("invalid_input", `a rate of at least ${atLeast} is not between 0 and 1`);
  if (!(confidence > 0.5 && confidence < 1)) throw new AppError("invalid_input", `a confidence of ${confidence} is not between 0.5 and 1`);

  const interval = clopperPearson(passed, total, confidence);
  if (interval.lower >= atLeast) return { kind: "pass", ...interval };
  if (interval.upper < atLeast) return { kind: "fail", ...interval };
  return { kind: "inconclusive", ...interval };
}
