import { JUDGE_PREFIX, type JudgeCalibration, type JudgeStanding, judgeStanding, type ScorerChoice } from "@signalbox/model";
import { judgeIdOfChoice } from "../judges/judgeOf.ts";
import { meanOverUnits, type UnitSums } from "../statistics/meanOverUnits.ts";
import { normalQuantile } from "../statistics/normal.ts";
import { type JudgedMean, poweredMean } from "../statistics/predictionPowered.ts";

/** A judge's mean as people would have had it: the share of items that they would have passed, with its 95 % interval. */
export interface CorrectedMean {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** What is to be said beside a judge's score: which judge it is of (`judge:<id>`), how far that one is to be believed, and its mean put right (null where no record can do that). */
export interface JudgedFigures {
  readonly scoreName: string;
  readonly judge: string;
  readonly standing: JudgeStanding;
  readonly corrected: CorrectedMean | null;
}

const CONFIDENCE = 0.975;

const asShare = (value: number): number => Math.min(1, Math.max(0, value));

/** Puts a judge's mean right by its record; null without one, or without a value to put right. */
export function correctedMean(judged: JudgedMean | null, standing: JudgeStanding): CorrectedMean | null {
  if (judged === null || judged.items === 0 || standing.kind !== "calibrated") return null;
  const { moments } = standing.calibration.record;
  if (moments === null) return null;
  const { estimate, lower, upper } = poweredMean(judged, moments, CONFIDENCE);
  return { estimate: asShare(estimate), lower: asShare(lower), upper: asShare(upper) };
}

/** The mean of values that come in units, with its standard error over these. */
export function judgedMeanOf(sums: UnitSums): JudgedMean | null {
  const mean = meanOverUnits(sums, false);
  if (mean === null) return null;
  return { mean: mean.value, standardError: (mean.interval.upper - mean.value) / normalQuantile(CONFIDENCE), items: sums.units };
}

/** What is to be said beside the scores of a scorer, whose mean is `judged`; null for one that asks no model. */
export function judgedFigures(choice: ScorerChoice, judged: JudgedMean | null, records: readonly JudgeCalibration[]): JudgedFigures | null {
  const id = judgeIdOfChoice(choice);
  if (id === null) return null;
  const [scoreName, judge] = [choice.as ?? choice.name, JUDGE_PREFIX + id];
  const standing = judgeStanding(records, { scoreName, judge });
  return { scoreName, judge, standing, corrected: correctedMean(judged, standing) };
}
