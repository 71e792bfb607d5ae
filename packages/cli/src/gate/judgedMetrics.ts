import type { JudgeCalibration as CountedOn } from "@signalbox/evals";
import { type JudgeCalibration, type JudgedMetric, judgeStanding, kappaText, standingWords } from "@signalbox/model";
import type { FoundRun } from "./foundRun.ts";

const labelWords = ({ labels, kappa }: CountedOn): string =>
  `compared with people by the labels given: kappa ${kappaText(kappa)}, ${labels} labels`;

/**
 * What is to be said of the judges behind some metrics of a candidate and its baseline, by the records of their project. A
 * baseline by another judge than the candidate's has one of its own. The candidate's judge of a metric that the gate was
 * given labels of (`labelled`) is told by those, as the gate goes by them.
 */
export function judgedMetrics(
  metrics: readonly { readonly name: string }[],
  records: readonly JudgeCalibration[],
  runs: readonly [candidate: Pick<FoundRun, "judges">, ...baseline: Pick<FoundRun, "judges">[]],
  labelled: Readonly<Record<string, CountedOn>> = {},
): JudgedMetric[] {
  return metrics.flatMap(({ name }) =>
    [...new Set(runs.flatMap(({ judges }) => judges.get(name) ?? []))].map((judge) => ({
      ...{ metric: name, judge },
      words:
        labelled[name] === undefined || runs[0].judges.get(name) !== judge
          ? standingWords(judgeStanding(records, { scoreName: name, judge })).full
          : labelWords(labelled[name]),
    })),
  );
}
