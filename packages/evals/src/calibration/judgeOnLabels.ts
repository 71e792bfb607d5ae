import { AppError, type ExportedAnnotation, type JudgeCalibrationRecord } from "@signalbox/model";
import { calibrateJudge, correctJudge, type JudgedLabel } from "./calibrateJudge.ts";

/** A judge's score of a trace, or of a span of it; `passed` is null for a judge without a threshold. */
export interface JudgeScore {
  readonly traceId: string;
  readonly spanId: string | null;
  readonly value: number;
  readonly passed: boolean | null;
}

/** The thresholds from which a label, and a judge's score, pass; null for the judge's own threshold. */
export interface PassLines {
  readonly person: number;
  readonly judge: number | null;
}

/** The default threshold for the scores of a judge that has none. */
const JUDGE_LINE = 0.5;

/** The threshold by which a judge's scores are compared: null for its own where it has one. */
export function judgeLine(scores: readonly Pick<JudgeScore, "passed">[]): number | null {
  return scores.every(({ passed }) => passed !== null) ? null : JUDGE_LINE;
}

const subjectOf = ({ traceId, spanId }: Pick<JudgeScore, "traceId" | "spanId">): string => `${traceId}/${spanId ?? ""}`;

/** People's verdict on an item: the final label, else the majority; undefined for a tie. */
function verdictOf(annotations: readonly ExportedAnnotation[], line: number): boolean | undefined {
  const final = annotations.filter(({ isFinal }) => isFinal);
  const values = (final.length > 0 ? final : annotations).flatMap(({ value }) => value ?? []);
  const passes = values.filter((value) => value >= line).length;
  return passes * 2 === values.length ? undefined : passes * 2 > values.length;
}

/**
 * Compares a judge with people on the traces that both scored, and corrects its pass rate over the others. `ties`
 * counts the traces on which people are evenly split. Throws `invalid_input` where both scored fewer than two.
 */
export function judgeOnLabels(
  annotations: readonly ExportedAnnotation[],
  scores: readonly JudgeScore[],
  lines: PassLines,
): { labels: number; ties: number; record: JudgeCalibrationRecord } {
  const said = Map.groupBy(annotations, subjectOf);
  const labelled: JudgedLabel[] = [];
  const unlabelled: boolean[] = [];
  let ties = 0;
  for (const score of scores) {
    const judge = lines.judge === null ? score.passed === true : score.value >= lines.judge;
    const about = said.get(subjectOf(score))?.filter(({ state }) => state === "labelled") ?? [];
    const person = verdictOf(about, lines.person);
    if (person !== undefined) labelled.push({ judge, person });
    else {
      unlabelled.push(judge);
      if (about.length > 0) ties += 1;
    }
  }
  if (labelled.length < 2)
    throw new AppError("invalid_input", `Judge and people both looked at ${labelled.length} traces: that is too few to compare them.`, {
      hint: "Let people label traces that the judge scored: ./signalbox annotate add.",
    });
  const { counts, kappa, sensitivity, specificity } = calibrateJudge(labelled);
  const corrected = unlabelled.length === 0 ? null : correctJudge(unlabelled, labelled);
  return {
    ...{ labels: labelled.length, ties },
    record: {
      ...{ counts, sensitivity, specificity, judged: scores.length, corrected, lines },
      kappa: { ...kappa, value: Number.isNaN(kappa.value) ? null : kappa.value },
    },
  };
}
