import type { ChartMark, ChartSeries, ChartUnit, TimeGrid } from "../../components/chart/index.ts";
import { formatCount } from "../../format/amounts.ts";
import { formatEvidence, formatWeight } from "./amounts.ts";
import type { Entry, Evidence } from "./rolloutParams.ts";

const STEPS_MAX = 160;
const STEP_MS_MIN = 1_000;

/** The smallest e-value shown: smaller ones say no more. */
const LEAST = 0.1;

/** The height of an e-value in the chart: evidence multiplies, so the axis is logarithmic, starting at the smallest value shown. */
const heightOf = (evidence: number): number => Math.log10(Math.max(LEAST, evidence) / LEAST);
const evidenceAt = (height: number): number => LEAST * 10 ** height;

/** The unit of a chart of evidence. */
export const EVIDENCE_UNIT: ChartUnit = {
  format: (height) => (height <= 0 ? "0.1 or less" : formatEvidence(evidenceAt(height))),
  tick: (height) => (height < 5 ? formatCount(Number(evidenceAt(height).toPrecision(1))) : `10^${Math.round(height - 1)}`),
  ticks: (most, ticksMax) => {
    const every = Math.max(1, Math.ceil(most / ticksMax));
    return Array.from({ length: Math.ceil(most / every) + 1 }, (_, index) => index * every);
  },
};

/** Colours that can be told apart in both themes, and from those that mean harm. */
const TONES = ["text-kind-llm", "text-kind-tool", "text-kind-search", "text-kind-agent", "text-kind-guard"] as const;

export type EvidencePlots = { grid: TimeGrid; harm: ChartSeries[]; safety: ChartSeries[]; marks: ChartMark[] };

/** The log entries marked in a chart of evidence, with their labels. */
const MARKED: Partial<Record<Entry["kind"], (entry: Entry) => string>> = {
  stepped: ({ weight }) => formatWeight(weight),
  paused: () => "paused",
  resumed: () => "resumed",
  promoted: () => "promoted",
  rolledBack: () => "rolled back",
  aborted: () => "aborted",
};

/** The evidence of a rollout as chart series, from its beginning to `toMs`: the values of a look hold until the next. */
export function evidencePlots(
  { points, eHarmToRollBack, eSafeToPromote }: Evidence,
  entries: readonly Entry[],
  fromMs: number,
  toMs: number,
): EvidencePlots {
  const stepMs = Math.max(STEP_MS_MIN, Math.ceil((toMs - fromMs) / STEPS_MAX));
  const grid = { fromMs, stepMs, count: Math.max(2, Math.ceil((toMs - fromMs) / stepMs)) };
  const steps = Array.from({ length: grid.count }, (_, step) => fromMs + (step + 1) * stepMs);
  const known = steps.map((until) => points.findLast(({ at }) => Date.parse(at) <= until) ?? null);
  const along = (tell: (point: Evidence["points"][number]) => number | null): (number | null)[] =>
    known.map((point) => {
      const value = point === null ? null : tell(point);
      return value === null ? null : heightOf(value);
    });
  const names = points.at(-1)?.metrics.map(({ name }) => name) ?? [];
  const ofMetric = (name: string, index: number, kind: "eHarm" | "eSafe"): ChartSeries => ({
    ...{ id: name, label: name, tone: TONES[index % TONES.length] ?? TONES[0], mark: "line" },
    values: along(({ metrics }) => metrics.find((metric) => metric.name === name)?.[kind] ?? null),
  });
  const threshold = (label: string, evidence: number): ChartSeries => ({
    ...{ id: "threshold", label, tone: "text-ink", mark: "before" },
    values: steps.map(() => heightOf(evidence)),
  });
  const isTold = ({ values }: ChartSeries): boolean => values.some((value) => value !== null);
  return {
    grid,
    harm: [
      { id: "all", label: "All guardrails", tone: "text-danger-mark", mark: "line", values: along(({ eHarm }) => eHarm) },
      ...names.map((name, index) => ofMetric(name, index, "eHarm")).filter(isTold),
      threshold(`Rolls back at ${formatEvidence(eHarmToRollBack)}`, eHarmToRollBack),
    ],
    safety: [
      ...names.map((name, index) => ofMetric(name, index, "eSafe")).filter(isTold),
      threshold(`Safe at ${formatEvidence(eSafeToPromote)}`, eSafeToPromote),
    ],
    marks: entries.flatMap((entry) => {
      const label = MARKED[entry.kind]?.(entry);
      const step = Math.floor((Date.parse(entry.at) - fromMs) / stepMs);
      return label === undefined ? [] : [{ step: Math.max(0, Math.min(grid.count - 1, step)), label }];
    }),
  };
}
