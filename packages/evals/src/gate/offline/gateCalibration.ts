import type { JudgeCalibration } from "./offlineEvidence.ts";

/** An undefined kappa counts as no agreement beyond chance. */
const UNSEEN = { value: 0, lower: 0, upper: 1 };

/** The part of a judge's calibration that a gate uses: the number of labels, and kappa. No more than this is stored with a verdict. */
export function gateCalibration(
  labels: number,
  { value, lower, upper }: { value: number | null; lower: number; upper: number },
): JudgeCalibration {
  return { labels, kappa: value === null || Number.isNaN(value) ? UNSEEN : { value, lower, upper } };
}
