import type { ScoredRun } from "../../compare/scoredRun.ts";

/** The dataset of a run: `name` or `name@version`, and the hash of its items. Null where the run does not say. */
export interface RunDataset {
  readonly name: string | null;
  readonly hash: string | null;
}

/** How well a judge agrees with people, as far as a gate asks: Cohen's kappa with its interval, and on how many labels. */
export interface JudgeCalibration {
  readonly labels: number;
  readonly kappa: { readonly value: number; readonly lower: number; readonly upper: number };
}

/**
 * An eval run as an offline gate sees it. `unitKey` is the key of items' metadata that its clusters are values
 * of, null where every item stands by itself; `calibrations` are of the judges behind its metrics, by metric.
 */
export interface GateRun extends ScoredRun {
  readonly dataset: RunDataset;
  readonly unitKey: string | null;
  readonly calibrations?: Readonly<Record<string, JudgeCalibration>>;
}
