import { correctedMean, type GateRun, type JudgedMetric, judgedMeanOf, sumsOfUnits } from "@signalbox/evals";
import { type JudgeCalibration, judgeStanding, standingWords } from "@signalbox/model";

/** A metric's scores by what varies by itself. */
function meanOf({ trials }: GateRun, metric: string) {
  const units = new Map<string, { sum: number; count: number }>();
  for (const { item, cluster = item, scores } of trials) {
    const value = scores[metric];
    if (value === undefined) continue;
    const known = units.get(cluster) ?? { sum: 0, count: 0 };
    units.set(cluster, { sum: known.sum + value, count: known.count + 1 });
  }
  return judgedMeanOf(sumsOfUnits(units.values()));
}

/** What is to be said of the judges behind some metrics of a candidate, by the records of its project. A baseline by another judge has no mean that this one's record could put right. */
export function judgedMetrics(
  metrics: readonly { readonly name: string }[],
  records: readonly JudgeCalibration[],
  candidate: { readonly run: GateRun; readonly judges: ReadonlyMap<string, string> },
  baseline: { readonly run: GateRun; readonly judges: ReadonlyMap<string, string> } | null,
): JudgedMetric[] {
  return metrics.flatMap(({ name }) => {
    const judge = candidate.judges.get(name);
    if (judge === undefined) return [];
    const standing = judgeStanding(records, { scoreName: name, judge });
    const isSame = baseline?.judges.get(name) === judge;
    return {
      ...{ metric: name, judge, words: standingWords(standing).full },
      baseline: baseline === null || !isSame ? null : correctedMean(meanOf(baseline.run, name), standing),
      candidate: correctedMean(meanOf(candidate.run, name), standing),
    };
  });
}
