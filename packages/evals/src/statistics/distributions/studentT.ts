import { betaCdf } from "./betaCdf.ts";
import { betaQuantile } from "./betaQuantile.ts";

/** Pr(T > t) for Student's t with `degrees` of freedom (> 0, need not be whole). */
export function studentTail(t: number, degrees: number): number {
  const beyond = betaCdf(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t >= 0 ? beyond : 1 - beyond;
}

/** The quantile of Student's t with `degrees` of freedom, for a probability in (0, 1). */
export function studentQuantile(probability: number, degrees: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  const x = betaQuantile(2 * (1 - probability), degrees / 2, 0.5);
  return Math.sqrt((degrees * (1 - x)) / x);
}
