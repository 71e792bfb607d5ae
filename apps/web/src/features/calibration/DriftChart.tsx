"use client";
import {
  alongGrid,
  CHART_UNITS,
  ChartCursor,
  type ChartSeries,
  stepsName,
  TimeChart,
  type TimeGrid,
} from "../../components/chart/index.ts";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import { formatScore } from "../../format/scores.ts";
import { unixNanoOf } from "../../format/time.ts";
import type { Calibration, PointDetail } from "./calibrationParams.ts";

type Point = Calibration["drift"][number];

const COLUMNS: SimpleColumn<Point>[] = [
  { id: "at", header: "From", cell: ({ atMs }) => <TimeText unixNano={unixNanoOf(new Date(atMs).toISOString())} withDate /> },
  { id: "answers", header: "Decisions", align: "end", cell: ({ answers }) => formatCount(answers) },
  { id: "confidence", header: "Sure", align: "end", cell: ({ confidence }) => formatShare(confidence) },
  { id: "right", header: "Right", align: "end", cell: ({ right }) => formatShare(right) },
  { id: "error", header: "Calibration error", align: "end", cell: ({ error }) => formatShare(error) },
  { id: "brier", header: "Brier score", align: "end", cell: ({ brier }) => formatScore(brier) },
];

/** The mean confidence and accuracy of decisions over time, and the difference between the two. */
export function DriftChart({ drift, steps, isTable }: { drift: Calibration["drift"]; steps: PointDetail["steps"]; isTable: boolean }) {
  if (isTable) return <SimpleTable label="Drift" columns={COLUMNS} rows={drift} rowKey={({ atMs }) => String(atMs)} />;
  const grid: TimeGrid = steps;
  const line = (id: string, label: string, tone: string, tell: (point: Point) => number): ChartSeries => ({
    ...{ id, label, tone, mark: "line" },
    values: alongGrid<Point, number | null>(grid, drift, ({ atMs }) => atMs, tell, null),
  });
  return (
    <ChartCursor of={stepsName(grid)}>
      <TimeChart
        label="Drift: how sure and how right decisions were"
        grid={grid}
        unit={CHART_UNITS.share}
        series={[
          line("right", "Right", "text-clear-mark", ({ right }) => right),
          line("confidence", "Sure", "text-accent", ({ confidence }) => confidence),
          line("error", "Calibration error", "text-danger-mark", ({ error }) => error),
        ]}
      />
    </ChartCursor>
  );
}
