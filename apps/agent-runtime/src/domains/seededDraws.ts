import { createHash } from "node:crypto";

/** Pseudo-random draws: the same seed gives the same ones, in the same order. */
export interface Draws {
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  /** One of `choices`, which must not be empty. */
  pick<T>(choices: readonly T[]): T;
  /** True with the given probability. */
  chance(probability: number): boolean;
}

/**
 * Draws 32 bits at a time from SHA-256 of the seed and the draw's number, so that they are the same on every machine and in every version
 * of Node.
 */
export function seededDraws(seed: number): Draws {
  let draws = 0;
  const next = (): number => createHash("sha256").update(`${seed}:${draws++}`).digest().readUInt32BE() / 2 ** 32;
  const integer = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  return {
    integer,
    pick<T>(choices: readonly T[]): T {
      if (choices.length === 0) throw new RangeError("there is nothing to pick from");
      return choices[integer(0, choices.length - 1)] as T;
    },
    chance: (probability) => next() < probability,
  };
}
