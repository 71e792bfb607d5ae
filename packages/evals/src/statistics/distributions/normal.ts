import { halved } from "./halved.ts";

/** Beyond this the series loses digits, and the continued fraction needs few steps. */
const TAIL_FROM = 3;
const FRACTION_STEPS = 200;
const FARTHEST = 40;

const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** Pr(Z > z) for z ≥ 3 by the continued fraction of Mills' ratio, evaluated backwards. */
function upperTail(z: number): number {
  let fraction = 0;
  for (let step = FRACTION_STEPS; step > 0; step -= 1) fraction = step / (z + fraction);
  return density(z) / (z + fraction);
}

/**
 * Φ(z): the probability that a standard normal variable is at most `z`. Marsaglia's
 * series ("Evaluating the Normal Distribution", 2004) and, far out, Mills' ratio.
 */
export function normalCdf(z: number): number {
  if (z <= -TAIL_FROM) return upperTail(-z);
  if (z >= TAIL_FROM) return 1 - upperTail(z);
  let [sum, term] = [z, z];
  for (let odd = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + density(z) * sum;
}

/** The quantile of the standard normal distribution, for a probability in (0, 1). */
export function normalQuantile(probability: number): number {
  // The upper half would lose the digits of a small tail, so it is computed from the lower one.
  if (probability > 0.5) return -normalQuantile(1 - probability);
  return halved(-FARTHEST, 0, (z) => normalCdf(z) >= probability);
}
