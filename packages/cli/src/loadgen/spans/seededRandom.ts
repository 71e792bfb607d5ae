/** A generator of pseudo-random numbers in [0, 1). */
export type Random = () => number;

/** Xorshift: cheap, and the same seed (a whole number) gives the same numbers. */
export function seededRandom(seed: number): Random {
  let state = mix32(seed) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** A bijection on 32 bits that maps neighbours to unrelated numbers (the finaliser of MurmurHash3). */
export function mix32(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** A random item of a list; with `favouring`, the first ones most often. */
export function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Favours small numbers, as traffic favours few models. */
export function favouring(random: Random): Random {
  return () => random() * random();
}
