import { mix32, type Random } from "@signalbox/model";

/** A generator in which neighbouring seeds give unrelated sequences (splitmix32). */
function scrambled(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return mix32(state);
  };
}

/** A separate seed for each list of whole numbers: simulations are seeded by their parameters, not by a stride. */
export function seedOf(...parts: readonly number[]): number {
  return parts.reduce((seed, part) => scrambled(seed ^ Math.imul(part + 1, 0x27d4eb2d))(), 0) >>> 0;
}

/** Xoshiro128** (Blackman and Vigna, 2018): for statistics, a period of 2^128 - 1; the same seed (a whole number) gives the same numbers. */
export function seededRandom(seed: number): Random {
  const next = scrambled(seed);
  let [a, b, c, d] = [next(), next(), next(), next()];
  return () => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return (result >>> 0) / 2 ** 32;
  };
}
