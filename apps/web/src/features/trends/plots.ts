import { alongGrid, CHART_UNITS, type ChartSeries, type ChartUnit, type TimeGrid } from "../../components/chart/index.ts";
import { amountMark, formatCost, formatCount, formatShare, formatTokens } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { msOf } from "../../format/time.ts";
import { type Change, changeOf, SAME_ESTIMATE, shareChangeOf } from "./change.ts";
import { HELP } from "./help.ts";
import { modelName } from "./modelName.ts";
import type { Overview, PlotId, Subject } from "./trendParams.ts";

/** A plot of the page: its heading with the number for the whole time range, its change against the previous period, and its series. */
export type Plot = {
  id: PlotId;
  title: string;
  total: string;
  detail: string;
  change: Change;
  /** Whether a higher number is worse. */
  isBad: boolean;
  help: string;
  unit: ChartUnit;
  series: ChartSeries[];
};

/** The steps of time in the answer. */
export function gridOf({ window, stepSeconds }: Overview): TimeGrid {
  const [fromMs, toMs, stepMs] = [msOf(window.from), msOf(window.to), stepSeconds * 1_000];
  return { fromMs, stepMs, count: Math.round((toMs - fromMs) / stepMs) };
}

type Point = Overview["points"][number];
type Figures = Point["traces"];

/** The plots of the page, in order. */
export function plotsOf(overview: Overview, subject: Subject): Plot[] {
  const grid = gridOf(overview);
  const lengthMs = grid.stepMs * grid.count;
  const along = (tell: (point: Point) => number | null, missing: number | null): (number | null)[] =>
    alongGrid(grid, overview.points, ({ atMs }) => atMs, tell, missing);
  const before = (tell: (point: Point) => number | null, missing: number | null): ChartSeries => ({
    ...{ id: "before", label: "Previous period", tone: "text-faint", mark: "before" },
    values: alongGrid(grid, overview.before.points, ({ atMs }) => atMs + lengthMs, tell, missing),
  });
  const asked = { now: overview.totals, was: overview.before.totals, subject, along, before };
  return [volume(asked), errors(asked), latency(asked), tokens(asked), cost(asked), models(overview, grid)];
}

type Asked = {
  now: Overview["totals"];
  was: Overview["totals"];
  subject: Subject;
  along: (tell: (point: Point) => number | null, missing: number | null) => (number | null)[];
  before: (tell: (point: Point) => number | null, missing: number | null) => ChartSeries;
};

const errorShare = ({ count, errors: failed }: Pick<Figures, "count" | "errors">): number | null => (count === 0 ? null : failed / count);

function volume({ now, was, subject, along, before }: Asked): Plot {
  const { count } = now[subject];
  return {
    id: "volume",
    title: subject === "traces" ? "Traces" : "Model calls",
    total: formatCount(count),
    detail: `${formatCount(now[subject].errors)} failed`,
    change: changeOf(count, was[subject].count),
    isBad: false,
    help: HELP.volume[subject],
    unit: CHART_UNITS.count,
    series: [
      {
        id: "ok",
        label: "Not failed",
        tone: "text-accent/70",
        mark: "bar",
        values: along((at) => at[subject].count - at[subject].errors, 0),
      },
      { id: "failed", label: "Failed", tone: "text-danger-mark", mark: "bar", values: along((at) => at[subject].errors, 0) },
      before((at) => at[subject].count, 0),
    ],
  };
}

function errors({ now, was, subject, along, before }: Asked): Plot {
  const share = errorShare(now[subject]);
  return {
    id: "errors",
    title: subject === "traces" ? "Failed traces" : "Failed calls",
    total: share === null ? "–" : formatShare(share),
    detail: `${formatCount(now[subject].errors)} of ${formatCount(now[subject].count)}`,
    change: shareChangeOf(share, errorShare(was[subject])),
    isBad: true,
    help: HELP.errors[subject],
    unit: CHART_UNITS.share,
    series: [
      { id: "share", label: "Failed", tone: "text-danger-mark", mark: "line", values: along((at) => errorShare(at[subject]), null) },
      before((at) => errorShare(at[subject]), null),
    ],
  };
}

const estimate = (ms: number | null): string => (ms === null ? "–" : `~${formatDuration(ms * 1e6)}`);

function latency({ now, was, subject, along, before }: Asked): Plot {
  const { msP50, msP95, msP99 } = now[subject];
  return {
    id: "latency",
    title: subject === "traces" ? "Duration of traces" : "Duration of calls",
    total: estimate(msP95),
    detail: `p95; p50 ${estimate(msP50)}, p99 ${estimate(msP99)}`,
    change: changeOf(msP95, was[subject].msP95, SAME_ESTIMATE),
    isBad: true,
    help: HELP.latency[subject],
    unit: CHART_UNITS.estimatedMs,
    series: [
      { id: "p50", label: "p50", tone: "text-kind-search", mark: "line", values: along((at) => at[subject].msP50, null) },
      { id: "p95", label: "p95", tone: "text-accent", mark: "line", values: along((at) => at[subject].msP95, null) },
      { id: "p99", label: "p99", tone: "text-kind-agent", mark: "line", values: along((at) => at[subject].msP99, null) },
      { ...before((at) => at[subject].msP95, null), label: "p95, previous period" },
    ],
  };
}

const tokensOf = ({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): number => inputTokens + outputTokens;

function tokens({ now, was, along, before }: Asked): Plot {
  return {
    id: "tokens",
    title: "Tokens",
    total: formatTokens(tokensOf(now.calls)),
    detail: `${formatTokens(now.calls.inputTokens)} in, ${formatTokens(now.calls.outputTokens)} out`,
    change: changeOf(tokensOf(now.calls), tokensOf(was.calls)),
    isBad: false,
    help: HELP.tokens,
    unit: CHART_UNITS.count,
    series: [
      { id: "in", label: "In", tone: "text-kind-llm/80", mark: "bar", values: along(({ calls }) => calls.inputTokens, 0) },
      { id: "out", label: "Out", tone: "text-kind-agent", mark: "bar", values: along(({ calls }) => calls.outputTokens, 0) },
      before(({ calls }) => tokensOf(calls), 0),
    ],
  };
}

function cost({ now, was, along, before }: Asked): Plot {
  const { costUsd, withoutCost, count } = now.calls;
  const { mark } = amountMark({ isEstimate: false, isPartial: withoutCost > 0 });
  return {
    id: "cost",
    title: "Cost",
    total: `${mark}${formatCost(costUsd)}`,
    detail: withoutCost === 0 ? `${formatCount(count)} calls` : `not known of ${formatCount(withoutCost)} of ${formatCount(count)} calls`,
    change: changeOf(costUsd, was.calls.costUsd),
    isBad: false,
    help: HELP.cost,
    unit: CHART_UNITS.usd,
    series: [
      { id: "cost", label: "Cost", tone: "text-accent/70", mark: "bar", values: along(({ calls }) => calls.costUsd, 0) },
      before(({ calls }) => calls.costUsd, 0),
    ],
  };
}

/** Colours that can be told apart in both themes, and from those that mean an error; the last one stands for all other models. */
const MODEL_TONES = ["text-kind-llm", "text-kind-tool", "text-kind-search", "text-kind-agent", "text-kind-guard"] as const;

function models({ costliest, models: all, costs }: Overview, grid: TimeGrid): Plot {
  const along = (tell: (point: Overview["costs"][number]) => number): number[] => alongGrid(grid, costs, ({ atMs }) => atMs, tell, 0);
  const first = all.find(({ costUsd }) => costUsd > 0);
  const sum = costs.flatMap(({ costsUsd, restUsd }) => [...costsUsd, restUsd]).reduce((usd, cost) => usd + cost, 0);
  const ofModels = costliest.flatMap((model, place): ChartSeries[] => {
    const values = along(({ costsUsd }) => costsUsd[place] ?? 0);
    return values.some((usd) => usd > 0)
      ? [{ id: model, label: modelName(model), tone: MODEL_TONES[place] ?? "text-kind-other", mark: "bar", values }]
      : [];
  });
  const rest = along(({ restUsd }) => restUsd);
  const others: ChartSeries = { id: "rest", label: "All others", tone: "text-kind-other", mark: "bar", values: rest };
  return {
    id: "models",
    title: "Cost by model",
    total: first === undefined || sum === 0 ? "–" : formatShare(first.costUsd / sum),
    detail: first === undefined ? "no cost is known" : modelName(first.model),
    change: { kind: "unknown" },
    isBad: false,
    help: HELP.models,
    unit: CHART_UNITS.usd,
    series: rest.some((usd) => usd > 0) ? [...ofModels, others] : ofModels,
  };
}
