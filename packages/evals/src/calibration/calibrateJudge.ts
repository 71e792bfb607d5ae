import { AppError } from "@signalbox/model";
import { type Kappa, kappaWithInterval } from "../statistics/agreement/kappa.ts";
import { clopperPearson, type Interval } from "../statistics/estimates/clopperPearson.ts";
import { type CorrectedRate, correctedRate, type JudgeCounts } from "../statistics/estimates/correctedRate.ts";
import { type PredictionPowered, predictionPowered } from "../statistics/estimates/predictionPowered.ts";

/** An item that a judge and a person called passed or failed. */
export interface JudgedLabel {
  readonly judge: boolean;
  readonly person: boolean;
}

/** A share with its exact interval, each end wrong with a probability of at most 1 - confidence. Null where nothing was counted. */
export type Share = ({ readonly value: number } & Interval) | null;

/** How far a judge of pass and fail may be believed, by people's labels on the same items. */
export interface JudgeRecord {
  readonly labels: number;
  readonly counts: JudgeCounts;
  readonly kappa: Kappa;
  /** Of what people passed, what the judge passed. */
  readonly sensitivity: Share;
  /** Of what people failed, what the judge failed. */
  readonly specificity: Share;
  readonly confidence: number;
}

/** One label says nothing of how labels vary. */
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

/** Throws `invalid_input` for fewer labels than anything can be said by. */
function requireLabels(labels: readonly JudgedLabel[]): void {
  if (labels.length < LABELS_MIN)
    throw new AppError("invalid_input", `${labels.length} labels are too few to compare a judge with people.`);
}

/**
 * Compares a judge with people. `confidence` is that of each end of the intervals:
 * 0.975 makes them 95 % wide. Throws `invalid_input` for fewer than two labels.
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
 * A judge's pass rate over a run, and what people would have said: by prediction-powered
 * inference, and by how the judge errs (null where it errs too much for that).
 */
export interface CorrectedJudgement {
  readonly raw: number;
  readonly powered: PredictionPowered;
  readonly byErrors: CorrectedRate | null;
}

/**
 * Puts a judge's pass rate right by the labels, which have to be a random
 * sample of the same items; `unlabelled` is what the judge said of the others.
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
