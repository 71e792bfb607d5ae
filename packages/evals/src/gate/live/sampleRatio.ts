import type { PerArm } from "@signalbox/model";
import { CAPITAL_MAX } from "./capital.ts";

/** How firmly the alternative stays near the wanted shares: its prior weight in units. */
export const CONCENTRATION = 1_000;

/**
 * The evidence on the traffic split: units of each arm since the `share` (the candidate's
 * wanted one) last changed, and the e-value against "the split is as wanted".
 */
export interface SampleRatio {
  readonly share: number;
  readonly units: PerArm<number>;
  readonly eValue: number;
}

/** The state before the first unit. */
export const startSampleRatio = (share: number): SampleRatio => ({ share, units: { candidate: 0, stable: 0 }, eValue: 1 });

/**
 * The e-value of a sample-ratio mismatch after more units: the Dirichlet-multinomial martingale (Lindon and
 * Malek, arXiv:2011.03567, §2). Each unit multiplies it by the predicted probability of its arm, given the units
 * so far, over the wanted one. The order of units does not matter. A new share starts over and multiplies.
 */
export function countSplit(before: SampleRatio, units: PerArm<number>, share: number, concentration = CONCENTRATION): SampleRatio {
  const seen = share === before.share ? before.units : { candidate: 0, stable: 0 };
  let { candidate, stable } = seen;
  let { eValue } = before;
  for (let unit = 0; unit < units.candidate; unit += 1, candidate += 1)
    eValue *= (concentration * share + candidate) / (concentration + candidate + stable) / share;
  for (let unit = 0; unit < units.stable; unit += 1, stable += 1)
    eValue *= (concentration * (1 - share) + stable) / (concentration + candidate + stable) / (1 - share);
  return { share, units: { candidate, stable }, eValue: Math.min(CAPITAL_MAX, eValue) };
}
