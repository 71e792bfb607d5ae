"use client";
import { useQuery } from "@tanstack/react-query";
import { alongGrid, ChartCursor, type ChartSeries, startOf, stepsName, TimeChart, type TimeGrid } from "../../../components/chart/index.ts";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { msOf } from "../../../format/time.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { type ListParams, listInputOf } from "./listParams.ts";

const BUCKETS = 96;
const POLL_MS = 10_000;

/** Starts of traces over time, failed ones apart; dragging over a stretch selects it as the time range. */
export function TraceHistogram({
  params,
  isLive,
  onZoom,
}: {
  params: ListParams;
  isLive: boolean;
  onZoom: (from: string, to: string) => void;
}) {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.traces.histogram.queryOptions(
      { ...listInputOf(params), buckets: BUCKETS },
      { refetchInterval: isLive ? POLL_MS : false, placeholderData: (previous) => previous },
    ),
  );
  if (data === undefined)
    return (
      <div className="shrink-0 border-b border-line bg-surface px-4 pt-2 pb-1">
        <div className="flex h-16.5 items-end pb-4.5">
          <Skeleton className="h-2 w-full" />
        </div>
      </div>
    );

  const fromMs = msOf(data.window.from);
  const grid: TimeGrid = { fromMs, stepMs: (msOf(data.window.to) - fromMs) / data.buckets, count: data.buckets };
  const { filled } = data;
  const along = (countOf: (bucket: (typeof filled)[number]) => number): number[] =>
    alongGrid(grid, filled, ({ bucket }) => startOf(grid, bucket + 0.5), countOf, 0);
  const series: ChartSeries[] = [
    { id: "ok", label: "Not failed", tone: "text-accent/55", mark: "bar", values: along(({ traces, failed }) => traces - failed) },
    { id: "failed", label: "Failed", tone: "text-danger-mark", mark: "bar", values: along(({ failed }) => failed) },
  ];
  return (
    <div className="shrink-0 border-b border-line bg-surface px-4 pt-2 pb-1">
      <ChartCursor of={stepsName(grid)}>
        <TimeChart
          label="Traces over time"
          grid={grid}
          series={series}
          isSlim
          onStretch={({ first, last }) =>
            onZoom(new Date(startOf(grid, first)).toISOString(), new Date(startOf(grid, last + 1)).toISOString())
          }
        />
      </ChartCursor>
    </div>
  );
}
