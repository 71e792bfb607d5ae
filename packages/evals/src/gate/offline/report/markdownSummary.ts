import { inFigures } from "../../../compare/metricSentence.ts";
import type { MetricVerdict } from "../judgeOffline.ts";
import { type GateReport, judgeSentences } from "./gateReport.ts";

/** The most worsened items that are listed; the others are counted. */
const WORSENED_MAX = 20;

/** A text escaped for a table cell: foreign names must not create columns, markup or links. */
function inCell(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#+!|~]/g, "\\$&").replaceAll(/\s+/g, " ");
}

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}

function metricRow({ name, verdict, comparison }: MetricVerdict): string[] {
  if (comparison === null) return [inCell(name), verdict, "–", "–", "–", "–", "–", "–"];
  const { baselineMean, candidateMean, difference, lower, upper, alpha, margin, pWorse, minimumDetectable } = comparison;
  return [
    inCell(name),
    `**${verdict}**`,
    inFigures(baselineMean),
    inFigures(candidateMean),
    `${inFigures(difference)} (${inFigures(lower)} to ${inFigures(upper)}, ${inFigures(100 * (1 - 2 * alpha))} %)`,
    margin === null ? "–" : inFigures(margin),
    inFigures(pWorse),
    inFigures(minimumDetectable),
  ];
}

function itemsLine({ items }: GateReport): string {
  if (items === null) return "There was no baseline to compare with.";
  const rest = [
    items.onlyBaseline > 0 ? `${items.onlyBaseline} are in the baseline alone` : "",
    items.onlyCandidate > 0 ? `${items.onlyCandidate} in the candidate alone` : "",
  ].filter((part) => part !== "");
  return `${items.shared} items were compared${rest.length === 0 ? "" : `; ${rest.join(", ")}, and count for nothing`}.`;
}

function worsenedPart({ worsened }: GateReport, traceUrl: (traceId: string) => string): string[] {
  if (worsened.length === 0) return [];
  const rows = worsened.slice(0, WORSENED_MAX).map(({ item, metric, baseline, candidate, traceId }) => {
    const link = traceId === null ? "–" : `[trace](${traceUrl(traceId)})`;
    return [inCell(item), inCell(metric), inFigures(baseline), inFigures(candidate), link];
  });
  const more = worsened.length - rows.length;
  return [
    `### Items that got worse (${worsened.length})`,
    table(["item", "metric", "baseline", "candidate", "what happened"], rows),
    ...(more === 0 ? [] : [`… and ${more} more.`]),
  ];
}

/**
 * A report for people in a pull request: verdict and reason, every metric with its
 * detectable effect, then the items that lost most, with links to their traces.
 */
export function markdownSummary(report: GateReport, traceUrl: (traceId: string) => string): string {
  const { verdict, reason, policy, candidate, baseline, metrics } = report;
  const head = ["metric", "verdict", "baseline", "candidate", "difference", "margin", "p (worse)", "could have found"];
  return `${[
    `## Gate ${inCell(policy.name)}: ${verdict}`,
    inCell(reason),
    `${inCell(candidate)} against ${baseline === null ? "nothing" : inCell(baseline)} on ${inCell(report.dataset)}. ${itemsLine(report)}`,
    table(head, metrics.map(metricRow)),
    ...judgeSentences(report).map((sentence) => `Judge of ${inCell(sentence)}.`),
    ...worsenedPart(report, traceUrl),
    `Policy ${policy.hash.slice(0, 12)}. “Could have found”: the smallest true loss that so many items show 80 % of the time.`,
  ].join("\n\n")}\n`;
}
