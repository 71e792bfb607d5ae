import { z } from "zod";

const Interval = { lower: z.number(), upper: z.number() };
const Share = z.object({ value: z.number(), ...Interval }).nullable();
const Estimate = z.object({ estimate: z.number(), ...Interval });

/**
 * How far a judge may be believed, by people's labels on the same traces: what it passed and failed of what
 * people did, kappa, sensitivity and specificity with their intervals. `corrected` is its pass rate over all
 * that it judged, raw and as people would have had it; null where every trace that it judged has a label.
 */
export const JudgeCalibrationRecord = z.object({
  counts: z.object({ truePasses: z.int(), falseFails: z.int(), trueFails: z.int(), falsePasses: z.int() }),
  /** Null where judge and people never differed and never varied: agreement beyond chance cannot be seen. */
  kappa: z.object({ value: z.number().nullable(), ...Interval }),
  sensitivity: Share,
  specificity: Share,
  judged: z.int(),
  corrected: z.object({ raw: z.number(), powered: Estimate, byErrors: Estimate.nullable() }).nullable(),
  /** From which values on labels and scores passed, the judge's null for its own line; absent in records from before this was kept. */
  lines: z.object({ person: z.number(), judge: z.number().nullable() }).optional(),
});
export type JudgeCalibrationRecord = z.infer<typeof JudgeCalibrationRecord>;

/**
 * A record as it is kept. `judge` is how its scores are signed, `judge:<id>`:
 * another word in its rubric makes another judge. `madeAt` is ISO 8601, UTC.
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
