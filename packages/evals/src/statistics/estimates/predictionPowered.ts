import { normalQuantile } from "../distributions/normal.ts";
import { clopperPearson, type Interval } from "./clopperPearson.ts";

/** An item that a judge scored and a person labelled. */
export interface Labelled {
  readonly judged: number;
  readonly label: number;
}

/** A mean estimated with the help of a judge; the ends of its interval each err with a probability of about 1 - confidence. */
export interface PredictionPowered {
  readonly estimate: number;
  readonly standardError: number;
  readonly lower: number;
  readonly upper: number;
  /** The weight of the judge: 0 ignores it, 1 is the classic estimate. */
  readonly lambda: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The sample variance of values; 0 for a single one. */
function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/**
 * λ* = cov(Y, f) / ((1 + n/N) var f), clipped to [0, 1]: it minimises the
 * variance (Angelopoulos, Duchi and Zrnic, "PPI++", arXiv:2311.01453, section 6).
 */
function bestLambda(judged: readonly number[], labels: readonly number[], unlabelled: readonly number[]): number {
  const spread = variance([...judged, ...unlabelled]);
  if (spread === 0 || judged.length < 2) return 0;
  const [judgedMean, labelMean] = [mean(judged), mean(labels)];
  const products = judged.reduce((sum, value, index) => sum + (value - judgedMean) * ((labels[index] as number) - labelMean), 0);
  const covariance = products / (judged.length - 1);
  return Math.min(1, Math.max(0, covariance / ((1 + judged.length / unlabelled.length) * spread)));
}

/** With fewer labels of a kind the normal approximation fails: where none differs it would claim certainty. */
const EVENTS_MIN = 5;

const clipped = (rate: number): number => Math.min(1, Math.max(0, rate));

/**
 * The interval of a pass rate where labels, or their differences from the judge, hardly vary; null where
 * they do. It comes from the labels alone (Clopper and Pearson) where nearly all are equal or the judge
 * has little weight; else it is the judge's own rate, widened by bounds on how often it passes what people
 * fail, and fails what people pass: these two bounds and the rate's own share an end's error probability.
 */
function thinInterval(unlabelled: readonly number[], labelled: readonly Labelled[], confidence: number, trust: number): Interval | null {
  const count = (judged: number, label: number): number => labelled.filter((item) => item.judged === judged && item.label === label).length;
  const [over, under] = [count(1, 0), count(0, 1)];
  const passed = count(1, 1) + under;
  if (trust === 0 || Math.min(passed, labelled.length - passed) < EVENTS_MIN) return clopperPearson(passed, labelled.length, confidence);
  if (over + under >= EVENTS_MIN) return null;
  const half = (1 + confidence) / 2;
  const judged = [...unlabelled, ...labelled.map((item) => item.judged)];
  const rate = clopperPearson(judged.filter((value) => value === 1).length, judged.length, half);
  const most = (events: number): number => clopperPearson(events, labelled.length, half).upper;
  return { lower: rate.lower - most(over), upper: rate.upper + most(under) };
}

/**
 * The mean of people's labels over items of which only some are labelled, with the help of a judge that scored all: λ mean(f, unlabelled) +
 * mean(Y - λ f, labelled) (Angelopoulos et al., "Prediction-powered inference", arXiv:2301.09633; λ from PPI++). Valid for any judge: a bad
 * one only widens the interval. The labelled items must be a random sample of the same items. Needs at least two labelled items and one
 * unlabelled. `isRate`: every value is 0 or 1, so that the interval lies there too, and does not collapse where labels happen to agree.
 */
export function predictionPowered(
  unlabelled: readonly number[],
  labelled: readonly Labelled[],
  { confidence, lambda, isRate = false }: { confidence: number; lambda?: number; isRate?: boolean },
): PredictionPowered {
  const judged = labelled.map((item) => item.judged);
  const labels = labelled.map(({ label }) => label);
  const trust = lambda ?? bestLambda(judged, labels, unlabelled);
  const rectified = labelled.map((item) => item.label - trust * item.judged);
  const estimate = trust * mean(unlabelled) + mean(rectified);
  const standardError = Math.sqrt((trust ** 2 * variance(unlabelled)) / unlabelled.length + variance(rectified) / labelled.length);
  const reach = normalQuantile(confidence) * standardError;
  const normal = { lower: estimate - reach, upper: estimate + reach };
  if (!isRate) return { estimate, standardError, ...normal, lambda: trust };
  const { lower, upper } = thinInterval(unlabelled, labelled, confidence, trust) ?? normal;
  return {
    ...{ estimate: clipped(estimate), standardError, lambda: trust },
    ...{ lower: clipped(Math.min(lower, estimate)), upper: clipped(Math.max(upper, estimate)) },
  };
}
