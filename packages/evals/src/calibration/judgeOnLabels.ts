import { AppError, type ExportedAnnotation, type JudgeCalibrationRecord } from "@signalbox/model";
import { calibrateJudge, correctJudge, type JudgedLabel } from "./calibrateJudge.ts";

/** What a judge said of a trace, or of a span of it; `passed` is null of a judge that draws no line. */
export interface JudgeScore {
  readonly traceId: string;
  readonly spanId: string | null;
  readonly value: number;
  readonly passed: boolean | null;
}

/** From which values on a label, and a judge's score, passes; null for the judge's own line. */
export interface PassLines {
  readonly person: number;
  readonly judge: number | null;
}

/** From where on the score of a judge that draws no line passes, unless somebody says otherwise. */
const JUDGE_LINE = 0.5;

/** The line that a judge's scores are compared by: its own where it draws one. */
export function judgeLine(scores: readonly Pick<JudgeScore, "passed">[]): number | null {
  return scores.every(({ passed }) => passed !== null) ? null : JUDGE_LINE;
}

const subjectOf = ({ traceId, spanId }: Pick<JudgeScore, "traceId" | "spanId">): string => `${traceId}/${spanId ?? ""}`;

/** What people say of an item: the final label, else what most of them say; undefined where as many pass as fail it. */
function verdictOf(annotations: readonly ExportedAnnotation[], line: number): boolean | undefined {
  const final = annotations.filter(({ isFinal }) => isFinal);
  const values = (final.length > 0 ? final : annotations).flatMap(({ value }) => value ?? []);
  const passes = values.filter((value) => value >= line).length;
  return passes * 2 === values.length ? undefined : passes * 2 > values.length;
}

/**
 * Compares a judge with people on the traces that both looked at, and puts its pass rate over the others right.
 * `ties` are traces on which people are even. Throws `invalid_input` where both looked at fewer than two.
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
