import { MINUTES, type Session } from "./world.ts";

/** The view of an hour for rules over windows: sessions and successes of the first metric in each arm, minute by minute. */
export class MinuteCounts {
  readonly candidate = new Uint16Array(MINUTES);
  readonly stable = new Uint16Array(MINUTES);
  readonly candidateSuccesses = new Uint16Array(MINUTES);
  readonly stableSuccesses = new Uint16Array(MINUTES);

  add({ isCandidate, successes }: Session, minute: number): void {
    const [units, good] = isCandidate ? [this.candidate, this.candidateSuccesses] : [this.stable, this.stableSuccesses];
    units[minute] = (units[minute] as number) + 1;
    good[minute] = (good[minute] as number) + (successes[0] as number);
  }

  /** The candidate's sessions of the whole hour. */
  get exposedInAll(): number {
    return this.exposedBy(MINUTES - 1);
  }

  /** The candidate's sessions up to the end of a minute. */
  exposedBy(minute: number): number {
    return sumOf(this.candidate, 0, minute);
  }
}

/** The sum over minutes, both ends inclusive. */
export function sumOf(minutes: Uint16Array, from: number, to: number): number {
  let sum = 0;
  for (let minute = Math.max(0, from); minute <= to; minute += 1) sum += minutes[minute] as number;
  return sum;
}
