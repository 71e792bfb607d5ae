import { inFigures } from "@signalbox/evals";
import { type LiveVerdict, latencyText, type MetricFigures } from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";

const figure = (value: number | null): string => (value === null ? "-" : inFigures(value));

function metricRow({ name, role, standing, mean, difference, interval, margin, units, eHarm, eSafe }: MetricFigures): string[] {
  const between = interval === null ? "-" : `${inFigures(interval.lower)} to ${inFigures(interval.upper)}`;
  return [
    ...[name, role, standing, figure(mean.candidate), figure(mean.stable), figure(difference), between, figure(margin)],
    ...[`${units.candidate} / ${units.stable}`, figure(eHarm), figure(eSafe)],
  ];
}

/** A verdict on live traffic for people at a terminal: the decision and its reason, then each metric. */
export function liveVerdictText({
  kind,
  reason,
  step,
  units,
  blocks,
  eHarm,
  eHarmToRollBack,
  eSafeToPromote,
  metrics,
}: LiveVerdict): string {
  const head = ["metric", "role", "standing", "candidate", "stable", "difference", "interval", "margin", "units", "e harm", "e safe"];
  return [
    `${kind}: ${reason}`,
    `step ${step + 1}, ${units.candidate} units of the candidate and ${units.stable} of the stable version in ${blocks} blocks; evidence of harm ${inFigures(eHarm)} of ${inFigures(eHarmToRollBack)}, of safety wanted ${inFigures(eSafeToPromote)}`,
    "",
    textTable([head, ...metrics.map(metricRow)]),
    ...metrics.flatMap((metric) => latencyText(metric) ?? []),
  ].join("\n");
}
