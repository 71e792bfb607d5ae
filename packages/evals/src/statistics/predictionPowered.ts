import type { LabelledMoments } from "@signalbox/model";
import { normalQuantile } from "./normal.ts";

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
  /** How much the judge was trusted: 0 not at all, 1 as the classic estimate does. */
  readonly lambda: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The variance of values about their mean, divided by their number less one; 0 for a single one. */
function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/** What a judge said and what people said of the same items, summed up. At least two items, or every variance is 0. */
export function momentsOf(labelled: readonly Labelled[]): LabelledMoments {
  const judged = labelled.map((item) => item.judged);
  const labels = labelled.map(({ label }) => label);
  const [judgedMean, labelMean] = [mean(judged), mean(labels)];
  const products = labelled.reduce((sum, item) => sum + (item.judged - judgedMean) * (item.label - labelMean), 0);
  return {
    ...{ labels: labelled.length, judgedMean, judgedVariance: variance(judged), labelMean, labelVariance: variance(labels) },
    covariance: labelled.length < 2 ? 0 : products / (labelled.length - 1),
  };
}

/** λ* = cov(Y, f) / ((1 + n/N) var f), between 0 and 1: what makes the variance smallest (Angelopoulos, Duchi and Zrnic, "PPI++", arXiv:2311.01453, section 6). `spread` is var f. */
function bestLambda({ labels, covariance }: LabelledMoments, spread: number, items: number): number {
  if (spread === 0 || labels < 2) return 0;
  return Math.min(1, Math.max(0, covariance / ((1 + labels / items) * spread)));
}

/** A judge's mean over items: with its standard error, and how many items it is of. */
export interface JudgedMean {
  readonly mean: number;
  readonly standardError: number;
  readonly items: number;
}

/** λ mean(f) + mean(Y - λ f), and var(Y - λ f) from the moments; `shared` is the covariance of the two terms, 0 where no labelled item is among the judge's. */
function powered(
  judged: JudgedMean,
  { labels, judgedMean, judgedVariance, labelMean, labelVariance, covariance }: LabelledMoments,
  { lambda, confidence, shared }: { lambda: number; confidence: number; shared: number },
): PredictionPowered {
  const estimate = lambda * judged.mean + labelMean - lambda * judgedMean;
  const rectified = Math.max(0, labelVariance + lambda ** 2 * judgedVariance - 2 * lambda * covariance);
  const standardError = Math.sqrt((lambda * judged.standardError) ** 2 + rectified / labels + 2 * shared);
  const reach = normalQuantile(confidence) * standardError;
  return { estimate, standardError, lower: estimate - reach, upper: estimate + reach, lambda };
}

/**
 * A judge's mean as people would have had it, by what it said of items that they labelled: `predictionPowered`, of which the single values are known no more. The labels may be of some of the same
 * items: the interval is wide enough for that, and holds as long as they are a random sample of such items.
 */
export function poweredMean(judged: JudgedMean, moments: LabelledMoments, confidence: number): PredictionPowered {
  const lambda = bestLambda(moments, moments.judgedVariance, judged.items);
  const shared = (lambda * Math.max(0, moments.covariance - lambda * moments.judgedVariance)) / judged.items;
  return powered(judged, moments, { lambda, confidence, shared });
}

/**
 * The mean of people's labels over items of which they labelled only some, with the help of a judge that scored all: λ mean(f, unlabelled) + mean(Y - λ f, labelled)
 * (Angelopoulos et al., "Prediction-powered inference", arXiv:2301.09633; λ from PPI++). It holds for any judge: a bad one only widens the interval. The labelled items
 * have to be a random sample of the same items. At least two labelled items and one that is not.
 */
export function predictionPowered(
  unlabelled: readonly number[],
  labelled: readonly Labelled[],
  { confidence, lambda }: { confidence: number; lambda?: number },
): PredictionPowered {
  const moments = momentsOf(labelled);
  const spread = variance([...labelled.map((item) => item.judged), ...unlabelled]);
  const items = unlabelled.length;
  const judged = { mean: mean(unlabelled), standardError: Math.sqrt(variance(unlabelled) / items), items };
  return powered(judged, moments, { lambda: lambda ?? bestLambda(moments, spread, items), confidence, shared: 0 });
}
