"use client";
import { ChartCursor, type ChartSeries, stepsName, TimeChart, type TimeGrid } from "../../components/chart/index.ts";
import { Button } from "../../components/ui/form/Button.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCount } from "../../format/amounts.ts";
import { formatStretch } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";

/** The arrival of letters over time, as a chart or a table; the last step is not over yet. */
export function LetterChart({
  counts,
  grid,
  view,
  onView,
}: {
  counts: readonly number[];
  grid: TimeGrid;
  view: "chart" | "table";
  onView: (view: "chart" | "table") => void;
}) {
  const series: ChartSeries[] = [{ id: "letters", label: "Letters", tone: "text-danger-mark/80", mark: "bar", values: counts }];
  return (
    <section aria-label="Letters over time" className="shrink-0 border-b border-line bg-surface px-4 pt-3 pb-2">
      <div className="mb-1 flex items-center justify-between gap-2">
        <h2 className="text-sm font-semibold">Letters by their last failure</h2>
        <Button size="small" onClick={() => onView(view === "chart" ? "table" : "chart")}>
          {view === "chart" ? "Show as table" : "Show as chart"}
        </Button>
      </div>
      {view === "chart" ? (
        <ChartCursor of={stepsName(grid)}>
          <TimeChart label="Letters over time" grid={grid} series={series} isOpen={(step) => step === grid.count - 1} isSlim />
        </ChartCursor>
      ) : (
        <StepTable counts={counts} grid={grid} />
      )}
    </section>
  );
}

/** The placeholder of the chart until its numbers are there. */
export function LetterChartSkeleton() {
  return (
    <div className="shrink-0 border-b border-line bg-surface px-4 pt-3 pb-2">
      <div className="mb-1 flex h-6 items-center">
        <Skeleton className="w-44" />
      </div>
      <div className="flex h-16.5 items-end pb-4.5">
        <Skeleton className="h-2 w-full" />
      </div>
    </div>
  );
}

/** The chart's numbers, newest step first; steps without letters are left out. */
function StepTable({ counts, grid }: { counts: readonly number[]; grid: TimeGrid }) {
  const [clock] = usePreference("clock");
  const zone = clock === "utc" ? "utc" : "local";
  const rows = counts.map((count, step) => ({ count, fromMs: grid.fromMs + step * grid.stepMs })).filter(({ count }) => count > 0);
  if (rows.length === 0) return <p className="py-2 text-sm text-muted">None came in this time.</p>;
  const columns: SimpleColumn<(typeof rows)[number]>[] = [
    {
      id: "step",
      header: zone === "utc" ? "From – to (UTC)" : "From – to",
      cell: ({ fromMs }) => <span className="whitespace-nowrap tabular-nums">{formatStretch(fromMs, fromMs + grid.stepMs, zone)}</span>,
    },
    { id: "count", header: "Letters", align: "end", cell: ({ count }) => formatCount(count) },
  ];
  return (
    <ScrollRegion label="Letters over time, step by step" className="max-h-50 overflow-y-auto">
      <SimpleTable label="Letters over time" columns={columns} rows={rows.toReversed()} rowKey={({ fromMs }) => String(fromMs)} />
    </ScrollRegion>
  );
}
