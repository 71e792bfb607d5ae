import { z } from "zod";

const Interval = { lower: z.number(), upper: z.number() };
const Share = z.object({ value: z.number(), ...Interval }).nullable();
const Estimate = z.object({ estimate: z.number(), ...Interval });

/**
 * How well a judge agrees with people's labels on the same traces: the confusion matrix, kappa, and
 * sensitivity and specificity with their intervals. `corrected` is the judge's pass rate over everything
 * it judged, both raw and corrected to people's labels; null where every trace that it judged has a label.
 */
export const JudgeCalibrationRecord = z.object({
  counts: z.object({ truePasses: z.int(), falseFails: z.int(), trueFails: z.int(), falsePasses: z.int() }),
  /** `value` is null where judge and people never differed and never varied: chance-corrected agreement is then undefined. */
  kappa: z.object({ value: z.number().nullable(), ...Interval }),
  sensitivity: Share,
  specificity: Share,
  judged: z.int(),
  corrected: z.object({ raw: z.number(), powered: Estimate, byErrors: Estimate.nullable() }).nullable(),
  /**
   * The thresholds from which labels and scores count as passed; `judge`
   * is null where the judge draws its own line. Absent in older records.
   */
  lines: z.object({ person: z.number(), judge: z.number().nullable() }).optional(),
});
export type JudgeCalibrationRecord = z.infer<typeof JudgeCalibrationRecord>;

/**
 * A stored calibration record. `judge` is the name that signs its scores, `judge:<id>`:
 * changing a word of the rubric makes it another judge. `madeAt` is ISO 8601, UTC.
 */
export interface JudgeCalibration {
  readonly id: string;
  readonly project: string;
  readonly scoreName: string;
  readonly judge: string;
  readonly labelSet: string;
  readonly labels: number;
  readonly record: JudgeCalibrationRecord;
  readonly madeBy: string;
  readonly madeAt: string;
}
