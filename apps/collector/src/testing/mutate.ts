import type { Random } from "@signalbox/model";

/** A body with one to four of its bytes changed, removed or repeated. */
export function mutate(body: Buffer, random: Random): Buffer {
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
