import { percentText } from "../figures.ts";
import type { JudgeCalibration } from "./judgeCalibration.ts";

/** Identifies a judge's score: its name, and the judge that signed it (`judge:<id>`, or the id alone). */
export interface JudgedScore {
  readonly scoreName: string;
  readonly judge: string;
}

/** The smallest number of labels for a judge to count as calibrated; gates require as many unless their policy says otherwise. */
export const JUDGE_LABELS_MIN = 100;

/**
 * How far a judge can be trusted. `thin`: it was compared with people on fewer labels than `JUDGE_LABELS_MIN`. A record
 * belongs to one judge, whose id covers its model, everything it is told, and how its answers become a score. `changed`:
 * this judge has no record, but another judge with the same score name has; `before` is the latest such record.
 */
export type JudgeStanding =
  | { readonly kind: "calibrated" | "thin"; readonly calibration: JudgeCalibration }
  | { readonly kind: "changed"; readonly before: Pick<JudgeCalibration, "judge" | "madeAt"> }
  | { readonly kind: "uncalibrated" };

/** The standing of a judge according to the project's calibration records. */
export function judgeStanding(records: readonly JudgeCalibration[], { scoreName, judge }: JudgedScore): JudgeStanding {
  const ofName = records
    .filter((record) => record.scoreName === scoreName)
    .toSorted((one, other) => other.madeAt.localeCompare(one.madeAt));
  const calibration = ofName.find((record) => record.judge === judge);
  if (calibration !== undefined) return { kind: calibration.labels < JUDGE_LABELS_MIN ? "thin" : "calibrated", calibration };
  const [latest] = ofName;
  return latest === undefined ? { kind: "uncalibrated" } : { kind: "changed", before: { judge: latest.judge, madeAt: latest.madeAt } };
}

interface Interval {
  readonly lower: number;
  readonly upper: number;
}

const inPercent = ({ value, lower, upper }: { value: number } & Interval): string =>
  `${percentText(value)} [${percentText(lower)}, ${percentText(upper)}]`;

/** Kappa with its interval, or a note that it is undefined. */
export function kappaText({ value, lower, upper }: JudgeCalibration["record"]["kappa"]): string {
  return value === null ? "not to be seen: both always said the same" : `${value.toFixed(2)} [${lower.toFixed(2)}, ${upper.toFixed(2)}]`;
}

/** A share with its interval, or `not known` where nothing was counted. */
export const shareText = (share: ({ value: number } & Interval) | null): string => (share === null ? "not known" : inPercent(share));

/** A judge's mean, corrected to people's labels. */
export const correctedText = ({ estimate, ...interval }: { estimate: number } & Interval): string =>
  `${inPercent({ value: estimate, ...interval })} as people would have had it`;

function comparedText({ labels, record: { kappa, sensitivity, specificity } }: JudgeCalibration): string {
  return `compared with people: kappa ${kappaText(kappa)}, sensitivity ${shareText(sensitivity)}, specificity ${shareText(specificity)}, ${labels} labels`;
}

/**
 * The wording for a judge's standing wherever its score is shown: `brief` beside a value,
 * `full` where there is room. Shared by all screens so that they never disagree about a judge.
 */
export function standingWords(standing: JudgeStanding): { readonly brief: string; readonly full: string } {
  switch (standing.kind) {
    case "uncalibrated":
      return { brief: "uncalibrated", full: "uncalibrated: nobody has compared this judge with people" };
    case "changed":
      return {
        brief: "uncalibrated",
        full: `uncalibrated again: ${standing.before.judge} was compared with people on ${standing.before.madeAt.slice(0, 10)}, and this judge has another model, rubric, line or setting`,
      };
    case "thin": {
      const { labels } = standing.calibration;
      return {
        brief: `uncalibrated, n ${labels}`,
        full: `uncalibrated still: ${labels} of the ${JUDGE_LABELS_MIN} labels that it takes; ${comparedText(standing.calibration)}`,
      };
    }
    case "calibrated": {
      const { labels, record } = standing.calibration;
      const { value } = record.kappa;
      return {
        brief: value === null ? `κ unseen, n ${labels}` : `κ ${value.toFixed(2)}, n ${labels}`,
        full: comparedText(standing.calibration),
      };
    }
  }
}
