import type { JudgePolicy } from "@signalbox/model";
import { inFigures } from "../../compare/metricSentence.ts";
import type { JudgeCalibration } from "./offlineEvidence.ts";

/**
 * Why a judged metric may not fail a gate or roll back: its judge was never compared with people,
 * or agrees with them too little. Undefined for a metric without a judge, or with a good one.
 */
export function whyUncalibrated(judge: JudgePolicy | undefined, calibration: JudgeCalibration | undefined): string | undefined {
  if (judge === undefined || judge.calibration === "optional") return undefined;
  if (calibration === undefined) return "Its judge is not calibrated against people, so that it cannot decide.";
  const { kappa, labels } = calibration;
  if (labels < judge.minLabels)
    return `Its judge is compared with people on ${labels} labels alone, and the policy asks for ${judge.minLabels}.`;
  if (kappa.lower >= judge.minKappa) return undefined;
  return `Its judge agrees too little with people to decide: kappa ${inFigures(kappa.value)}, at least ${inFigures(kappa.lower)}, on ${labels} labels, and the policy asks for ${inFigures(judge.minKappa)}.`;
}
