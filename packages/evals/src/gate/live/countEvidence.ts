import type { PerArm } from "@signalbox/model";
import { CAPITAL_MAX, type Capitals, startCapitals } from "./capital.ts";

/** Bettors expect the candidate's rate to be so many times what is tolerated. */
const RATIOS = [1.25, 1.5, 2, 3, 4, 6, 8, 10];

/**
 * What is known of a metric that counts: the capitals against "the candidate's rate is at most `harmRatio`
 * times the stable one's", the units with an event, and those of them that have one as nobody told of them.
 */
export interface CountEvidence {
  readonly harm: Capitals;
  readonly units: PerArm<number>;
  readonly unscored: PerArm<number>;
}

const NONE: PerArm<number> = { candidate: 0, stable: 0 };

/** The evidence before the first unit: nothing has been bet, nobody counted. */
export const NO_COUNT_EVIDENCE: CountEvidence = { harm: startCapitals(RATIOS.length), units: NONE, unscored: NONE };

/** `base` times itself `times` times: a power that is the same to the last bit everywhere. */
function power(base: number, times: number): number {
  let product = 1;
  for (let done = 0; done < times; done += 1) product *= base;
  return product;
}

/**
 * The probability that an event is the candidate's, where that serves a
 * `share` of the units and its rate is `ratio` times the stable one's.
 */
const candidatesShare = (share: number, ratio: number): number => (share * ratio) / (1 - share + share * ratio);

/**
 * Bets on the events of one block: given that a unit had one, its arm is a toss with `candidatesShare`, whatever the rate did meanwhile
 * (Lindon and Malek, arXiv:2011.03567). Each unit counts once however many events it had: events of one unit are not independent.
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

/** The units with an event that one block adds, without a bet on them. */
export function countEvents(before: CountEvidence, block: PerArm<number>, unscored: PerArm<number> = NONE): CountEvidence {
  return {
    ...before,
    units: { candidate: before.units.candidate + block.candidate, stable: before.units.stable + block.stable },
    unscored: { candidate: before.unscored.candidate + unscored.candidate, stable: before.unscored.stable + unscored.stable },
  };
}
