import type { PerArm, Tally } from "@signalbox/model";
import { addTallies, NO_TALLY } from "./block.ts";
import { CAPITAL_MAX, type Capitals, startCapitals } from "./capital.ts";

/** The effects, in margins, by which bettors against "not worse" expect the candidate to be worse. */
const HARM_EFFECTS = [0.5, 1, 2, 4];
/** The effects, in margins, by which bettors against "worse by the margin" expect it to be better than that. */
const SAFETY_EFFECTS = [0.5, 1, 2];

/** The largest share of its capital that a bettor risks in one block. */
const STAKE_MAX = 0.9;

/** The number of prior observations, of the largest possible variance, with which the estimate of the variance begins. */
const GUESSED_UNITS = 4;
const VARIANCE_WIDEST = 0.25;

/** The effect (goodness) that bettors expect where a policy gives no margin. */
const EFFECT_USUAL = 0.05;

/**
 * The margins of a metric as differences of goodness: `harm` is the tolerated
 * loss, `safety` the largest loss of a candidate that may be promoted.
 */
export interface Margins {
  readonly harm: number;
  readonly safety: number;
}

/** Sums over blocks of the differences between the arms, weighted by each block's information, for the interval that is shown. */
export interface DifferenceSums {
  readonly blocks: number;
  readonly weight: number;
  readonly difference: number;
  readonly weightSquares: number;
  readonly differenceWeightSquares: number;
  readonly differenceSquares: number;
}

const NO_DIFFERENCE: DifferenceSums = {
  ...{ blocks: 0, weight: 0, difference: 0 },
  ...{ weightSquares: 0, differenceWeightSquares: 0, differenceSquares: 0 },
};

/**
 * The evidence on a mean metric: the capitals against both hypotheses, each
 * arm's tally, its number of units without a score, and the sums of differences.
 */
export interface MeanEvidence {
  readonly harm: Capitals;
  readonly safety: Capitals;
  readonly arms: PerArm<Tally>;
  readonly unscored: PerArm<number>;
  readonly difference: DifferenceSums;
}

const NONE: PerArm<number> = { candidate: 0, stable: 0 };

export const NO_MEAN_EVIDENCE: MeanEvidence = {
  harm: startCapitals(HARM_EFFECTS.length),
  safety: startCapitals(SAFETY_EFFECTS.length),
  arms: { candidate: NO_TALLY, stable: NO_TALLY },
  unscored: NONE,
  difference: NO_DIFFERENCE,
};

/** The variance of a unit's goodness, pooled over both arms. */
function varianceOf({ n, sum, sumSquares }: Tally): number {
  const squares = n === 0 ? 0 : Math.max(0, sumSquares - (sum * sum) / n);
  return (squares + GUESSED_UNITS * VARIANCE_WIDEST) / (n + GUESSED_UNITS);
}

/**
 * Bets on one block (Waudby-Smith and Ramdas, arXiv:2010.09686, §4, on randomised blocks). D is the difference of the arms' mean
 * goodness, candidate minus stable. As assignment inside a block is random, E[D | past] is the candidate's true difference, whatever
 * drifts. Two hypotheses are bet against: "E[D] >= -harm" with factors 1 - λ(D + harm), and "E[D] <= -safety" with 1 + λ(D + safety). λ
 * is the growth-optimal stake for the bettor's expected effect δ, δ / var(D), where the variance comes from earlier blocks and the arms'
 * sizes: both are known before the outcomes. A block with an empty arm tells nothing. Where no unit of an arm has a score (`unscored` is
 * all of it), safety can lose but not win: silence is no evidence of it, and a factor capped at 1 keeps the e-value valid.
 */
export function betOnBlock(before: MeanEvidence, block: PerArm<Tally>, margins: Margins, unscored: PerArm<number> = NONE): MeanEvidence {
  const { candidate, stable } = block;
  const counted = countArms(before, block, unscored);
  if (candidate.n === 0 || stable.n === 0) return counted;

  const difference = candidate.sum / candidate.n - stable.sum / stable.n;
  const weight = (candidate.n * stable.n) / (candidate.n + stable.n);
  const boldness = weight / varianceOf(addTallies(before.arms.candidate, before.arms.stable));
  const effect = margins.safety > 0 ? margins.safety : EFFECT_USUAL;
  const isSilent = unscored.candidate === candidate.n || unscored.stable === stable.n;
  const safer = difference + margins.safety;
  const grow = (capitals: Capitals, effects: readonly number[], gain: number, stakeMax: number): number[] =>
    capitals.map((capital, index) => {
      const stake = Math.min(stakeMax, (effects[index] ?? 0) * effect * boldness);
      return Math.min(CAPITAL_MAX, capital * (1 + stake * gain));
    });
  return {
    harm: grow(before.harm, HARM_EFFECTS, -(difference + margins.harm), STAKE_MAX / (1 + margins.harm)),
    safety: grow(before.safety, SAFETY_EFFECTS, isSilent ? Math.min(0, safer) : safer, STAKE_MAX / (1 - margins.safety)),
    arms: counted.arms,
    unscored: counted.unscored,
    difference: addDifference(before.difference, difference, weight),
  };
}

/** Adds the arms' tallies of one more block, without a bet. */
export function countArms(before: MeanEvidence, { candidate, stable }: PerArm<Tally>, unscored: PerArm<number> = NONE): MeanEvidence {
  return {
    ...before,
    arms: { candidate: addTallies(before.arms.candidate, candidate), stable: addTallies(before.arms.stable, stable) },
    unscored: { candidate: before.unscored.candidate + unscored.candidate, stable: before.unscored.stable + unscored.stable },
  };
}

function addDifference(sums: DifferenceSums, difference: number, weight: number): DifferenceSums {
  const squared = weight * weight;
  return {
    blocks: sums.blocks + 1,
    weight: sums.weight + weight,
    difference: sums.difference + weight * difference,
    weightSquares: sums.weightSquares + squared,
    differenceWeightSquares: sums.differenceWeightSquares + squared * difference,
    differenceSquares: sums.differenceSquares + squared * difference * difference,
  };
}
