import { JUDGE_PREFIX, type JudgeCalibration, type JudgeStanding, judgeStanding, type ScorerChoice } from "@signalbox/model";
import { judgeIdOfChoice } from "../judges/judgeOf.ts";

/**
 * What is to be said beside a judge's scores: which judge it is (`judge:<id>`), and how far that one is to be believed. Its
 * mean stands as it is: the labels of a record are a sample of the traces that they are of, and put no other mean right.
 */
export interface JudgedScorer {
  readonly scoreName: string;
  readonly judge: string;
  readonly standing: JudgeStanding;
}

/** What is to be said beside the scores of a scorer; null for one that asks no model. */
export function judgedScorer(choice: ScorerChoice, records: readonly JudgeCalibration[]): JudgedScorer | null {
  const id = judgeIdOfChoice(choice);
  if (id === null) return null;
  const [scoreName, judge] = [choice.as ?? choice.name, JUDGE_PREFIX + id];
  return { scoreName, judge, standing: judgeStanding(records, { scoreName, judge }) };
}

/** The judges behind the scores of several runs, each once: two of one name are two judges, whose scores say nothing of each other. */
export function judgedScorers(
  runs: readonly { readonly scorers: readonly ScorerChoice[] }[],
  records: readonly JudgeCalibration[],
): JudgedScorer[] {
  const judged = runs.flatMap(({ scorers }) => scorers.flatMap((choice) => judgedScorer(choice, records) ?? []));
  return [...new Map(judged.map((one) => [`${one.scoreName} ${one.judge}`, one])).values()];
}
