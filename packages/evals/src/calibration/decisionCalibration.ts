import { type Answer, calibrationError, resampledCalibrationErrors } from "../statistics/confidence/calibrationError.ts";
import { brierScore, type ReliabilityBin, reliabilityBins } from "../statistics/confidence/reliability.ts";
import { percentileInterval } from "../statistics/paired/pairedBootstrap.ts";
import { seededRandom } from "../statistics/seededRandom.ts";

/** A decision with a known outcome. The decisions of one `unit` (a trace) share their outcome. `timeMs` is in milliseconds since 1970. */
export interface DecidedAnswer extends Answer {
  readonly unit: string;
  readonly timeMs: number;
}

/** The time buckets in which drift is looked for. */
export interface DriftSteps {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** The mean confidence and the accuracy of the decisions in one time bucket, which starts at `atMs`. */
export interface DriftPoint {
  readonly atMs: number;
  readonly answers: number;
  readonly confidence: number;
  readonly right: number;
  readonly brier: number;
  readonly error: number;
}

/**
 * The calibration of decisions. `error` is the expected calibration error with the percentile interval
 * of a bootstrap over units; `errorByChance` is the mean error that perfectly calibrated decisions of
 * these confidences would show: a few decisions never look calibrated. Shares are from 0 to 1.
 */
export interface DecisionCalibration {
  readonly answers: number;
  readonly units: number;
  readonly confidence: number;
  readonly right: number;
  readonly brier: number;
  readonly error: { readonly value: number; readonly lower: number; readonly upper: number };
  readonly errorByChance: number;
  readonly bins: readonly ReliabilityBin[];
  readonly drift: readonly DriftPoint[];
}

const RESAMPLES = 500;
const DRAWS_BY_CHANCE = 100;
const CONFIDENCE = 0.975;

const meanOf = <T>(values: readonly T[], tell: (value: T) => number): number =>
  values.reduce((sum, value) => sum + tell(value), 0) / values.length;

const shareRight = (answers: readonly Answer[]): number => meanOf(answers, ({ isRight }) => Number(isRight));

/** The calibration of decisions with known outcomes; null where there are none. The same `seed` gives the same intervals. */
export function calibrateDecisions(answers: readonly DecidedAnswer[], steps: DriftSteps, { seed = 1 } = {}): DecisionCalibration | null {
  if (answers.length === 0) return null;
  const random = seededRandom(seed);
  const units = [...Map.groupBy(answers, ({ unit }) => unit).values()];
  const drawn = resampledCalibrationErrors(units, { resamples: RESAMPLES, random });
  const byChance = Array.from({ length: DRAWS_BY_CHANCE }, () =>
    calibrationError(answers.map(({ confidence }) => ({ confidence, isRight: random() < confidence }))),
  );
  return {
    ...{ answers: answers.length, units: units.length },
    confidence: meanOf(answers, ({ confidence }) => confidence),
    right: shareRight(answers),
    brier: brierScore(answers),
    error: { value: calibrationError(answers), ...percentileInterval(drawn, CONFIDENCE) },
    errorByChance: meanOf(byChance, (error) => error),
    bins: reliabilityBins(answers),
    drift: driftOf(answers, steps),
  };
}

/** The non-empty time buckets, in order. */
function driftOf(answers: readonly DecidedAnswer[], { fromMs, stepMs, count }: DriftSteps): DriftPoint[] {
  const byStep = Map.groupBy(answers, ({ timeMs }) => Math.floor((timeMs - fromMs) / stepMs));
  return [...byStep]
    .filter(([step]) => step >= 0 && step < count)
    .sort(([one], [other]) => one - other)
    .map(([step, held]) => ({
      ...{ atMs: fromMs + step * stepMs, answers: held.length },
      confidence: meanOf(held, ({ confidence }) => confidence),
      ...{ right: shareRight(held), brier: brierScore(held), error: calibrationError(held) },
    }));
}
