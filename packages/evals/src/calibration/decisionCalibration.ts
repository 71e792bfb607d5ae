import { type Answer, calibrationError, resampledCalibrationErrors } from "../statistics/confidence/calibrationError.ts";
import { brierScore, type ReliabilityBin, reliabilityBins } from "../statistics/confidence/reliability.ts";
import { percentileInterval } from "../statistics/paired/pairedBootstrap.ts";
import { seededRandom } from "../statistics/seededRandom.ts";

/** A decision whose outcome is known. Decisions of one `unit` (its trace) share their fate. `timeMs` is in milliseconds since 1970. */
export interface DecidedAnswer extends Answer {
  readonly unit: string;
  readonly timeMs: number;
}

/** Steps of time in which drift is looked for. */
export interface DriftSteps {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** How sure and how right the decisions of one step of time were. `atMs` is where it begins. */
export interface DriftPoint {
  readonly atMs: number;
  readonly answers: number;
  readonly confidence: number;
  readonly right: number;
  readonly brier: number;
  readonly error: number;
}

/**
 * How far the confidence of decisions may be believed. `error` is the expected calibration error with the
 * percentile interval of a bootstrap over units; `errorByChance` is what decisions of this confidence would
 * show on average if they were as often right as sure: few decisions never look calibrated. Shares are of 1.
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

/** The calibration of decisions whose outcomes are known; null where there are none. The same `seed` gives the same intervals. */
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

/** The steps in which something was decided, the first one first. */
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
