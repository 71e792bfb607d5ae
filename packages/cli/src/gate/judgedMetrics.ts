import { type JudgeCalibration, type JudgedMetric, judgeStanding, standingWords } from "@signalbox/model";
import type { FoundRun } from "./foundRun.ts";

/** What is to be said of the judges behind some metrics, by the records of their project. A baseline by another judge than the candidate's has one of its own. */
export function judgedMetrics(
  metrics: readonly { readonly name: string }[],
  records: readonly JudgeCalibration[],
  runs: readonly Pick<FoundRun, "judges">[],
): JudgedMetric[] {
  return metrics.flatMap(({ name }) =>
    [...new Set(runs.flatMap(({ judges }) => judges.get(name) ?? []))].map((judge) => ({
      ...{ metric: name, judge },
      words: standingWords(judgeStanding(records, { scoreName: name, judge })).full,
    })),
  );
}
