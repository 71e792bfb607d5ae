import { logGamma } from "./logGamma.ts";

const TERMS_MAX = 10_000;
const TINY = 1e-300;

const awayFromZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);

/**
 * The probability that a Gamma(`shape`, 1) variable is at most `x`: the
 * regularised lower incomplete gamma function, for `shape` > 0 and x >= 0.
 */
export function gammaCdf(shape: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  return x < shape + 1 ? front * lowerSeries(shape, x) : 1 - front * upperFraction(shape, x);
}

/** Σ xᵏ / (shape (shape + 1) … (shape + k)): converges fast below the mean. */
function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let k = 1; k < TERMS_MAX && term > sum * Number.EPSILON; k += 1) {
    term *= x / (shape + k);
    sum += term;
  }
  return sum;
}

/** The continued fraction of the upper tail, from the front (Lentz's method): converges fast above the mean. */
function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / awayFromZero(b);
  let fraction = d;
  for (let k = 1; k < TERMS_MAX; k += 1) {
    const a = -k * (k - shape);
    b += 2;
    d = 1 / awayFromZero(a * d + b);
    c = awayFromZero(b + a / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return fraction;
}
