import { betaCdf } from "./betaCdf.ts";
import { halved } from "./halved.ts";

/** The quantile of a Beta(a, b) variable, found by bisection to the last bit. */
export function betaQuantile(probability: number, a: number, b: number): number {
  return halved(0, 1, (x) => betaCdf(x, a, b) >= probability);
}
