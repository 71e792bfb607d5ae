/** A row's scores of the classes, and its known class. */
export interface LabelledScores {
  scores: Float64Array;
  label: number;
}

/** The search range of 1 / temperature. */
const SHARPNESS = { min: 1e-4, max: 1e4 };
const HALVINGS = 60;

/** The probability of each class: exp(score / temperature), normalised to sum to 1. */
export function softmax(scores: Float64Array, temperature: number): Float64Array {
  const highest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = scores.map((score) => Math.exp((score - highest) / temperature));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * The target probabilities of a row: nearly all for the known class, the rest evenly for the others. Otherwise rows that are all right
 * would demand complete certainty, however few they are (Platt, "Probabilistic Outputs for Support Vector Machines", 1999, section 2.2).
 */
function targetsOf({ scores, label }: LabelledScores, rowCount: number): Float64Array {
  const rest = 1 / (rowCount + 2);
  return scores.map((_, at) => (at === label ? 1 - rest : rest / (scores.length - 1)));
}

const weightedSum = (weights: Float64Array, values: Float64Array): number =>
  weights.reduce((sum, weight, at) => sum + weight * (values[at] as number), 0);

/** The mean cross entropy between target and predicted probabilities, in nats. */
export function meanLogLoss(rows: readonly LabelledScores[], temperature: number): number {
  const losses = rows.map((row) => -weightedSum(targetsOf(row, rows.length), softmax(row.scores, temperature).map(Math.log)));
  return losses.reduce((a, b) => a + b, 0) / rows.length;
}

/**
 * The derivative of the mean log loss with respect to 1 / temperature: the mean predicted
 * score less the mean target score. It increases, since the loss is convex in 1 / temperature.
 */
export function logLossSlope(rows: readonly LabelledScores[], temperature: number): number {
  const slopes = rows.map(
    (row) => weightedSum(softmax(row.scores, temperature), row.scores) - weightedSum(targetsOf(row, rows.length), row.scores),
  );
  return slopes.reduce((a, b) => a + b, 0) / rows.length;
}

/**
 * The temperature at which the softmax of the scores gives the known classes the highest likelihood. It is one number for all
 * classes: it changes no answer, only its confidence (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
 */
export function fitTemperature(rows: readonly LabelledScores[]): number {
  let [low, high] = [Math.log(SHARPNESS.min), Math.log(SHARPNESS.max)];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (logLossSlope(rows, Math.exp(-middle)) < 0) low = middle;
    else high = middle;
  }
  return Math.exp(-(low + high) / 2);
}
