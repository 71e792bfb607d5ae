import type { JudgeCalibration } from "./offlineEvidence.ts";

/** Agreement beyond chance that could not be seen is none that a gate may count on. */
const UNSEEN = { value: 0, lower: 0, upper: 1 };

/** How far a gate may count on a judge, by so many labels and what they say of it: no more than this is kept with a verdict. */
export function gateCalibration(
  labels: number,
  { value, lower, upper }: { value: number | null; lower: number; upper: number },
): JudgeCalibration {
  return { labels, kappa: value === null || Number.isNaN(value) ? UNSEEN : { value, lower, upper } };
}
