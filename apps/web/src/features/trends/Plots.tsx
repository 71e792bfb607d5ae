"use client";
import { useMemo } from "react";
import { ChartCursor, startOf, stepsName } from "../../components/chart/index.ts";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { formatCount } from "../../format/amounts.ts";
import { formatStretch } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import { ModelTable } from "./ModelTable.tsx";
import { PlotPanel } from "./PlotPanel.tsx";
import { gridOf, plotsOf } from "./plots.ts";
import { stretchLink } from "./trendLinks.ts";
import { type Overview, type PlotId, subjectOf, type TrendParams } from "./trendParams.ts";

/** All plots with a shared crosshair, and the models behind them. */
export function Plots({
  overview,
  params,
  onChange,
}: {
  overview: Overview;
  params: TrendParams;
  onChange: (change: Partial<TrendParams>) => void;
}) {
  const [clock] = usePreference("clock");
  const zone = clock === "utc" ? "utc" : "local";
  const { grid, plots } = useMemo(() => ({ grid: gridOf(overview), plots: plotsOf(overview, subjectOf(params)) }), [overview, params]);
  const [fromMs, toMs] = [grid.fromMs, startOf(grid, grid.count)];
  const isOpen = (step: number): boolean => startOf(grid, step + 1) > overview.nowMs;
  const toggle = (id: PlotId): void => {
    const { tables } = params;
    onChange({ tables: tables.includes(id) ? tables.filter((one) => one !== id) : [...tables, id] });
  };
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-muted tabular-nums">
        {formatStretch(fromMs, toMs, zone)}, {`times in ${zone === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone}`}.
        Click on a step to see its traces, drag over some to choose them.
        {overview.behind > 0 && <span className="text-caution"> {behindText(overview.behind)}</span>}
      </p>
      <ChartCursor of={stepsName(grid)}>
        <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
          {plots.map((plot) => (
            <PlotPanel
              key={plot.id}
              plot={plot}
              grid={grid}
              than={`in the previous period, ${formatStretch(2 * fromMs - toMs, fromMs, zone)}`}
              isOpen={isOpen}
              isTable={params.tables.includes(plot.id)}
              hrefOf={(stretch) => stretchLink(params, plot.id, grid, stretch)}
              onTable={() => toggle(plot.id)}
              onZoom={({ first, last }) =>
                onChange({
                  from: new Date(startOf(grid, first)).toISOString(),
                  to: new Date(startOf(grid, last + 1)).toISOString(),
                  step: null,
                })
              }
            />
          ))}
        </div>
      </ChartCursor>
      {overview.models.length > 0 && (
        <Panel title="Models">
          <ModelTable models={overview.models} chosen={params.model} onChoose={(model) => onChange({ model })} />
        </Panel>
      )}
    </div>
  );
}

function behindText(rows: number): string {
  return rows === 1
    ? "A span has arrived that is not in these numbers yet."
    : `${formatCount(rows)} spans have arrived that are not in these numbers yet.`;
}
