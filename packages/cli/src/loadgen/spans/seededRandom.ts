import { mix32, type Random } from "@signalbox/model";

/** Xorshift from a mixed seed: the numbers of neighbouring seeds (whole numbers) are unrelated, and the same seed gives the same ones. */
export function seededRandom(seed: number): Random {
  let state = mix32(seed) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A random item of a list; with `favouring`, the first ones most often. */
export function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Favours small numbers, as traffic favours few models. */
export function favouring(random: Random): Random {
  return () => random() * random();
}
