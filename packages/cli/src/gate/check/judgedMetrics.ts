import type { JudgeCalibration as CountedOn } from "@signalbox/evals";
import { type JudgeCalibration, type JudgedMetric, judgeStanding, kappaText, standingWords } from "@signalbox/model";
import type { FoundRun } from "../runs/foundRun.ts";

const labelWords = ({ labels, kappa }: CountedOn): string =>
  `compared with people by the labels given: kappa ${kappaText(kappa)}, ${labels} labels`;

/**
 * Notes on the judges behind a candidate's and its baseline's metrics, from the project's calibration records.
 * If the baseline had another judge than the candidate, it gets a note of its own. Where the gate was given
 * labels of a metric (`labelled`), the note on the candidate's judge is based on those, as the gate is.
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
