/** Pseudo-random numbers in [0, 1): the same seed gives the same ones (the mulberry32 generator). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A body with one to four of its bytes changed, removed or repeated. */
export function mutate(body: Buffer, random: () => number): Buffer {
  let mutated = Buffer.from(body);
  for (let changes = 1 + Math.floor(random() * 4); changes > 0; changes -= 1) {
    const at = Math.floor(random() * mutated.length);
    const end = at + 1 + Math.floor(random() * 12);
    const kind = random();
    if (kind < 0.5) mutated[at] = Math.floor(random() * 256);
    else if (kind < 0.7) mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(end)]);
    else if (kind < 0.9) mutated = Buffer.concat([mutated.subarray(0, end), mutated.subarray(at)]);
    else mutated = mutated.subarray(0, at);
  }
  return mutated;
}
