/** Scores of the classes for a row whose class is known. */
export interface LabelledScores {
  scores: Float64Array;
  label: number;
}

/** Bounds of 1 / temperature between which the best one is looked for. */
const SHARPNESS = { min: 1e-4, max: 1e4 };
const HALVINGS = 60;

/** The probability of each class: exp(score / temperature), made to sum to 1. */
export function softmax(scores: Float64Array, temperature: number): Float64Array {
  const highest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const weights = scores.map((score) => Math.exp((score - highest) / temperature));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** The mean negative log likelihood of the known classes, in nats. */
export function meanLogLoss(rows: readonly LabelledScores[], temperature: number): number {
  return rows.reduce((sum, { scores, label }) => sum - Math.log(softmax(scores, temperature)[label] as number), 0) / rows.length;
}

/** How the mean log loss changes with 1 / temperature: the score expected less the score of the known class. It rises with 1 / temperature, since the loss is convex in it. */
export function logLossSlope(rows: readonly LabelledScores[], temperature: number): number {
  const slopes = rows.map(({ scores, label }) => {
    const expected = softmax(scores, temperature).reduce((sum, share, at) => sum + share * (scores[at] as number), 0);
    return expected - (scores[label] as number);
  });
  return slopes.reduce((a, b) => a + b, 0) / rows.length;
}

/**
 * The temperature at which scores, through a softmax, give these rows their known classes with the highest likelihood.
 * One number for all classes: it changes no answer, only how sure it is (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
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
