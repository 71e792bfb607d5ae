import { valueTicks } from "../../components/chart/index.ts";

const BINS_WANTED = 24;

export type Ending = { kind: "promote" | "hold" | "rollback"; candidateUnits: number };

/** The rollouts that exposed at least `from` and less than `to` units of the candidate until they ended, by ending. */
export type ExposureBin = { from: number; to: number; rollback: number; hold: number; promote: number };

/** Equal bins with round limits, from 0 to the largest exposure; at least one. */
export function exposureBins(endings: readonly Ending[], most: number): ExposureBin[] {
  const [, width = 1] = valueTicks(Math.max(most, 1), BINS_WANTED);
  const step = Math.max(1, Math.round(width));
  const bins = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => ({
    ...{ from: index * step, to: (index + 1) * step, rollback: 0, hold: 0, promote: 0 },
  }));
  for (const { kind, candidateUnits } of endings) {
    const bin = bins[Math.floor(candidateUnits / step)];
    if (bin !== undefined) bin[kind] += 1;
  }
  return bins;
}
