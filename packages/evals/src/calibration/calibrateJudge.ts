import { AppError } from "@signalbox/model";
import { type Kappa, kappaWithInterval } from "../statistics/agreement/kappa.ts";
import { clopperPearson, type Interval } from "../statistics/estimates/clopperPearson.ts";
import { type CorrectedRate, correctedRate, type JudgeCounts } from "../statistics/estimates/correctedRate.ts";
import { type PredictionPowered, predictionPowered } from "../statistics/estimates/predictionPowered.ts";

/** A person's and a judge's verdict on the same item: passed or failed. */
export interface JudgedLabel {
  readonly judge: boolean;
  readonly person: boolean;
}

/** A share with its exact interval, each end of which errs with a probability of at most 1 - confidence. Null where nothing was counted. */
export type Share = ({ readonly value: number } & Interval) | null;

/** A pass/fail judge compared with people's labels on the same items. */
export interface JudgeRecord {
  readonly labels: number;
  readonly counts: JudgeCounts;
  readonly kappa: Kappa;
  /** The share of items passed by people that the judge passed too. */
  readonly sensitivity: Share;
  /** The share of items failed by people that the judge failed too. */
  readonly specificity: Share;
  readonly confidence: number;
}

/** A single label says nothing about how labels vary. */
const LABELS_MIN = 2;
const CONFIDENCE = 0.975;
const RESAMPLES = 2_000;

function shareOf(count: number, total: number, confidence: number): Share {
  return total === 0 ? null : { value: count / total, ...clopperPearson(count, total, confidence) };
}

function countLabels(labels: readonly JudgedLabel[]): JudgeCounts {
  const count = (judge: boolean, person: boolean): number =>
    labels.filter((label) => label.judge === judge && label.person === person).length;
  return { truePasses: count(true, true), falseFails: count(false, true), trueFails: count(false, false), falsePasses: count(true, false) };
}

/** Throws `invalid_input` for fewer labels than any estimate needs. */
function requireLabels(labels: readonly JudgedLabel[]): void {
  if (labels.length < LABELS_MIN)
    throw new AppError("invalid_input", `${labels.length} labels are too few to compare a judge with people.`);
}

/**
 * Compares a judge with people. `confidence` is that of each end of the intervals:
 * 0.975 gives 95 % intervals. Throws `invalid_input` for fewer than two labels.
 */
export function calibrateJudge(labels: readonly JudgedLabel[], { confidence = CONFIDENCE, seed = 1 } = {}): JudgeRecord {
  requireLabels(labels);
  const counts = countLabels(labels);
  const ratings = labels.map(({ judge, person }) => ({ one: String(judge), other: String(person) }));
  return {
    ...{ labels: labels.length, counts, confidence },
    kappa: kappaWithInterval(ratings, ["true", "false"], { confidence, seed, resamples: RESAMPLES }),
    sensitivity: shareOf(counts.truePasses, counts.truePasses + counts.falseFails, confidence),
    specificity: shareOf(counts.trueFails, counts.trueFails + counts.falsePasses, confidence),
  };
}

/**
 * A judge's pass rate over a run, corrected to people's labels: by prediction-powered
 * inference, and by the judge's error rates (null where those are too high for it).
 */
export interface CorrectedJudgement {
  readonly raw: number;
  readonly powered: PredictionPowered;
  readonly byErrors: CorrectedRate | null;
}

/**
 * Corrects a judge's pass rate by labels, which must be a random sample of
 * the same items; `unlabelled` holds the judge's verdicts on the other items.
 */
export function correctJudge(
  unlabelled: readonly boolean[],
  labels: readonly JudgedLabel[],
  { confidence = CONFIDENCE } = {},
): CorrectedJudgement {
  requireLabels(labels);
  if (unlabelled.length === 0) throw new AppError("invalid_input", "Every item has a label: there is nothing to correct.");
  const judged = [...unlabelled, ...labels.map(({ judge }) => judge)];
  const passed = judged.filter(Boolean).length;
  const labelled = labels.map(({ judge, person }) => ({ judged: Number(judge), label: Number(person) }));
  return {
    raw: passed / judged.length,
    powered: predictionPowered(unlabelled.map(Number), labelled, { confidence, isRate: true }),
    byErrors: correctedRate({ passed, total: judged.length }, countLabels(labels), confidence),
  };
}
