/** Numbers from 0, below 1, that look random. */
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

/** Scrambles 32 bits so that neighbours become strangers (the finaliser of MurmurHash3). No two numbers become the same one. */
export function mix32(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** One of a list. The first ones come up most often if `random` is squared by `favouring`. */
export function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Favours small numbers, as traffic favours few models. */
export function favouring(random: Random): Random {
  return () => random() * random();
}
