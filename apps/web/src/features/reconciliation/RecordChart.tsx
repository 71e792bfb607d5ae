"use client";
import { ChartCursor, type ChartSeries, stepsName, TimeChart, type TimeGrid } from "../../components/chart/index.ts";
import type { TimeStep } from "./byTime.ts";

/** The layers of a bar, from the bottom up. */
const LAYERS = [
  { id: "readable", label: "Readable", tone: "text-accent/75" },
  { id: "deduplicated", label: "Replaced", tone: "text-accent/30" },
  { id: "deleted", label: "Deleted", tone: "text-line-strong/60" },
  { id: "sampled", label: "Sampled out", tone: "text-line-strong" },
  { id: "refused", label: "Refused", tone: "text-caution-mark/60" },
  { id: "rejected", label: "Rejected", tone: "text-caution-mark" },
  { id: "missing", label: "Missing", tone: "text-danger-mark" },
] as const;

/** The fate of records per step of time; unfinished steps are pale. `stepSeconds` is the width of a step. */
export function RecordChart({ steps, stepSeconds }: { steps: readonly TimeStep[]; stepSeconds: number }) {
  const grid: TimeGrid = { fromMs: (steps[0]?.time ?? 0) * 1_000, stepMs: stepSeconds * 1_000, count: steps.length };
  const series: ChartSeries[] = LAYERS.filter(({ id }) => steps.some(({ counts }) => (counts[id] ?? 0) > 0)).map((layer) => ({
    ...layer,
    mark: "bar",
    values: steps.map(({ counts }) => Math.max(0, counts[layer.id] ?? 0)),
  }));
  return (
    <div className="px-4 pt-4 pb-3">
      <ChartCursor of={stepsName(grid)}>
        <TimeChart
          label="Records over time"
          grid={grid}
          series={series}
          isOpen={(step) => steps[step]?.isClosed === false}
          isWrong={(step) => steps[step]?.isWrong === true}
        />
      </ChartCursor>
    </div>
  );
}
