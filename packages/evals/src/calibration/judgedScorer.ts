import { JUDGE_PREFIX, type JudgeCalibration, type JudgeStanding, judgeStanding, type ScorerChoice } from "@signalbox/model";
import { judgeIdOfChoice } from "../judges/judgeOf.ts";

/**
 * A note on a judge's scores: which judge it is (`judge:<id>`), and its standing. Its mean is shown
 * uncorrected: the labels of a calibration record are a sample of other traces, and cannot correct this mean.
 */
export interface JudgedScorer {
  readonly scoreName: string;
  readonly judge: string;
  readonly standing: JudgeStanding;
}

/** The note on a scorer's scores; null for a scorer that asks no model. */
export function judgedScorer(choice: ScorerChoice, records: readonly JudgeCalibration[]): JudgedScorer | null {
  const id = judgeIdOfChoice(choice);
  if (id === null) return null;
  const [scoreName, judge] = [choice.as ?? choice.name, JUDGE_PREFIX + id];
  return { scoreName, judge, standing: judgeStanding(records, { scoreName, judge }) };
}

/**
 * The judges behind the scores of several runs, each once. Two judges with
 * the same score name are listed apart: their scores are not comparable.
 */
export function judgedScorers(
  runs: readonly { readonly scorers: readonly ScorerChoice[] }[],
  records: readonly JudgeCalibration[],
): JudgedScorer[] {
  const judged = runs.flatMap(({ scorers }) => scorers.flatMap((choice) => judgedScorer(choice, records) ?? []));
  return [...new Map(judged.map((one) => [`${one.scoreName} ${one.judge}`, one])).values()];
}
