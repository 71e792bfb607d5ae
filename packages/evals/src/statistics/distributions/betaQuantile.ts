import { betaCdf } from "./betaCdf.ts";
import { halved } from "./halved.ts";

/** The `x` that a Beta(a, b) variable stays at or below with the given probability: found by halving, to the last bit. */
export function betaQuantile(probability: number, a: number, b: number): number {
  return halved(0, 1, (x) => betaCdf(x, a, b) >= probability);
}
