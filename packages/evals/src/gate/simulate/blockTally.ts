import type { Arm, Block, Tally } from "@signalbox/model";
import { blockUnits } from "../live/block.ts";

type Growing = { n: number; sum: number; sumSquares: number };
type Sums = { candidate: Growing; stable: Growing };

const noSums = (): Sums => ({ candidate: { n: 0, sum: 0, sumSquares: 0 }, stable: { n: 0, sum: 0, sumSquares: 0 } });

/** A block that grows unit by unit: for simulations, which have millions of them. */
export class BlockTally {
  readonly #step: number;
  readonly #share: number;
  readonly #size: number;
  readonly #units: { candidate: number; stable: number } = { candidate: 0, stable: 0 };
  readonly #means: readonly (readonly [string, Sums])[];
  readonly #counts: readonly (readonly [string, { candidate: number; stable: number }])[];

  constructor(names: { means: readonly string[]; counts: readonly string[] }, step: number, share: number) {
    [this.#step, this.#share, this.#size] = [step, share, blockUnits(share)];
    this.#means = names.means.map((name) => [name, noSums()] as const);
    this.#counts = names.counts.map((name) => [name, { candidate: 0, stable: 0 }] as const);
  }

  get isFull(): boolean {
    return this.#units.candidate + this.#units.stable >= this.#size;
  }

  get isEmpty(): boolean {
    return this.#units.candidate + this.#units.stable === 0;
  }

  countUnit(arm: Arm): void {
    this.#units[arm] += 1;
  }

  /** Adds a value of goodness to the `index`-th mean. */
  addGoodness(index: number, arm: Arm, goodness: number): void {
    const tally = this.#means[index]?.[1][arm];
    if (tally === undefined) return;
    tally.n += 1;
    tally.sum += goodness;
    tally.sumSquares += goodness * goodness;
  }

  /** Adds a unit with an event to the `index`-th count. */
  addEvent(index: number, arm: Arm): void {
    const count = this.#counts[index]?.[1];
    if (count !== undefined) count[arm] += 1;
  }

  /** The block; nothing may be added after. */
  close(): Block {
    const means: { [metric: string]: { candidate: Tally; stable: Tally } } = Object.fromEntries(this.#means);
    return { step: this.#step, share: this.#share, units: this.#units, means, counts: Object.fromEntries(this.#counts) };
  }
}
