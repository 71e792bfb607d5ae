import type { PerArm } from "@signalbox/model";
import { CAPITAL_MAX, type Capitals, startCapitals } from "./capital.ts";

/** The multiples of the tolerated rate that bettors expect of the candidate. */
const RATIOS = [1.25, 1.5, 2, 3, 4, 6, 8, 10];

/**
 * The evidence on a counting metric: the capitals against "the candidate's rate is at most `harmRatio` times
 * the stable one's", the units with an event, and those of them that have one because nothing was reported.
 */
export interface CountEvidence {
  readonly harm: Capitals;
  readonly units: PerArm<number>;
  readonly unscored: PerArm<number>;
}

const NONE: PerArm<number> = { candidate: 0, stable: 0 };

/** The evidence before the first unit. */
export const NO_COUNT_EVIDENCE: CountEvidence = { harm: startCapitals(RATIOS.length), units: NONE, unscored: NONE };

/** `base` to the power `times` by multiplication, which is bit-identical everywhere. */
function power(base: number, times: number): number {
  let product = 1;
  for (let done = 0; done < times; done += 1) product *= base;
  return product;
}

/** The probability that an event is the candidate's, if it serves a `share` of the units and its rate is `ratio` times the stable one's. */
const candidatesShare = (share: number, ratio: number): number => (share * ratio) / (1 - share + share * ratio);

/**
 * Bets on the events of one block: given an event, its arm is a toss with probability `candidatesShare`, whatever the rate
 * did meanwhile (Lindon and Malek, arXiv:2011.03567). Each unit counts once: the events of one unit are not independent.
 */
export function betOnCounts(
  before: CountEvidence,
  block: PerArm<number>,
  { share, harmRatio, unscored }: { share: number; harmRatio: number; unscored?: PerArm<number> | undefined },
): CountEvidence {
  const tolerated = candidatesShare(share, harmRatio);
  const harm = before.harm.map((capital, index) => {
    const expected = candidatesShare(share, (RATIOS[index] ?? 1) * harmRatio);
    const factor = power(expected / tolerated, block.candidate) * power((1 - expected) / (1 - tolerated), block.stable);
    return Math.min(CAPITAL_MAX, capital * factor);
  });
  return { ...countEvents(before, block, unscored), harm };
}

/** Adds the units with an event of one block, without betting on them. */
export function countEvents(before: CountEvidence, block: PerArm<number>, unscored: PerArm<number> = NONE): CountEvidence {
  return {
    ...before,
    units: { candidate: before.units.candidate + block.candidate, stable: before.units.stable + block.stable },
    unscored: { candidate: before.unscored.candidate + unscored.candidate, stable: before.unscored.stable + unscored.stable },
  };
}
