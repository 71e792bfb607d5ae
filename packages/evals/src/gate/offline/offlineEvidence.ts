import type { ScoredRun } from "../../compare/scoredRun.ts";

/** The dataset of a run: `name` or `name@version`, and the hash of its items. Null where the run does not name it. */
export interface RunDataset {
  readonly name: string | null;
  readonly hash: string | null;
}

/** A judge's agreement with people, as needed by a gate: Cohen's kappa with its interval, and the number of labels. */
export interface JudgeCalibration {
  readonly labels: number;
  readonly kappa: { readonly value: number; readonly lower: number; readonly upper: number };
}

/**
 * An eval run as input of an offline gate. `unitKey` is the metadata key whose values are its clusters,
 * null where items are independent; `calibrations` has the calibration of each judged metric's judge.
 */
export interface GateRun extends ScoredRun {
  readonly dataset: RunDataset;
  readonly unitKey: string | null;
  readonly calibrations?: Readonly<Record<string, JudgeCalibration>>;
}
