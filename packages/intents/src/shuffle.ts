import type { Random } from "@signalbox/model";

/** Shuffles the first `count` numbers in place (Fisher and Yates). */
export function shuffle(numbers: Int32Array, count: number, random: Random): void {
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const moved = numbers[last] as number;
    numbers[last] = numbers[other] as number;
    numbers[other] = moved;
  }
}
