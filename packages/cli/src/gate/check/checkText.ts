import { type GateReport, inFigures, judgeSentences, type MetricVerdict } from "@signalbox/evals";
import { textTable } from "../../commandLine/textTable.ts";

/** The most worsened items that a report lists; the others are counted. */
const WORSENED_MAX = 20;

function metricDocument({ comparison, ...verdict }: MetricVerdict) {
  if (comparison === null) return verdict;
  const { name: _, range: __, kind: ___, ...figures } = comparison;
  return { ...verdict, ...figures };
}

/** A report as one JSON document. Infinite and unknown numbers are null. */
export function checkDocument({ metrics, worsened, ...report }: GateReport) {
  return {
    ...report,
    metrics: metrics.map(metricDocument),
    worsened: { total: worsened.length, items: worsened.slice(0, WORSENED_MAX) },
  };
}

function metricRow({ name, verdict, comparison }: MetricVerdict): string[] {
  if (comparison === null) return [name, verdict];
  const { baselineMean, candidateMean, difference, lower, upper, margin, pWorse, minimumDetectable, tested } = comparison;
  return [
    ...[name, verdict, inFigures(baselineMean), inFigures(candidateMean), inFigures(difference)],
    ...[`${inFigures(lower)} to ${inFigures(upper)}`, margin === null ? "-" : inFigures(margin), inFigures(pWorse)],
    ...[inFigures(minimumDetectable), tested],
  ];
}

/** A report for people at a terminal. */
export function checkText(report: GateReport): string {
  const { verdict, reason, policy, candidate, baseline, items, metrics, worsened } = report;
  const judges = judgeSentences(report);
  const shared =
    items === null
      ? ""
      : `, ${items.shared} shared items (${items.onlyBaseline} only in the baseline, ${items.onlyCandidate} only in the candidate)`;
  const head = ["metric", "verdict", "baseline", "candidate", "difference", "interval", "margin", "p worse", "could find", "test"];
  const lost = worsened
    .slice(0, WORSENED_MAX)
    .map((one) => [one.item, one.metric, inFigures(one.baseline), inFigures(one.candidate), one.traceId ?? ""]);
  return [
    `${verdict}: ${reason}`,
    `gate ${policy.name}: ${candidate} against ${baseline ?? "nothing"}${shared}`,
    "",
    textTable([head, ...metrics.map(metricRow)]),
    ...(judges.length === 0 ? [] : ["", "judges:", ...judges.map((sentence) => `  ${sentence}`)]),
    ...(lost.length === 0
      ? []
      : ["", `got worse (${worsened.length}):`, textTable([["item", "metric", "baseline", "candidate", "trace"], ...lost])]),
  ].join("\n");
}
