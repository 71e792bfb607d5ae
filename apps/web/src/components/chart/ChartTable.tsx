"use client";
import Link from "next/link";
import { formatStretch } from "../../format/time.ts";
import { usePreference } from "../../preferences/usePreference.ts";
import { type SimpleColumn, SimpleTable } from "../ui/table/SimpleTable.tsx";
import { valueText } from "./ChartLegend.tsx";
import type { ChartSeries, ChartUnit } from "./chartSeries.ts";
import { startOf, type TimeGrid } from "./timeGrid.ts";

/** A chart's numbers, newest step first; empty steps are left out. `hrefOf` links to the data of a step. */
export function ChartTable({
  label,
  grid,
  series,
  unit,
  isOpen,
  hrefOf,
}: {
  label: string;
  grid: TimeGrid;
  series: readonly ChartSeries[];
  unit: ChartUnit;
  isOpen: (step: number) => boolean;
  hrefOf: (step: number) => string;
}) {
  const [clock] = usePreference("clock");
  const zone = clock === "utc" ? "utc" : "local";
  const steps = Array.from({ length: grid.count }, (_, step) => step).filter((step) =>
    series.some(({ values }) => (values[step] ?? 0) !== 0),
  );
  const columns: SimpleColumn<number>[] = [
    {
      id: "step",
      header: zone === "utc" ? "From – to (UTC)" : "From – to",
      cell: (step) => (
        <Link href={hrefOf(step)} className="whitespace-nowrap text-accent tabular-nums hover:underline">
          {formatStretch(startOf(grid, step), startOf(grid, step + 1), zone)}
          {isOpen(step) && <span className="text-faint"> (not over yet)</span>}
        </Link>
      ),
    },
    ...series.map(
      ({ id, label: name, values }): SimpleColumn<number> => ({
        id,
        header: (
          <span className="block max-w-40 truncate" title={name}>
            {name}
          </span>
        ),
        align: "end",
        cell: (step) => <span className="whitespace-nowrap">{valueText(values[step] ?? null, unit)}</span>,
      }),
    ),
  ];
  return (
    <div className="max-h-50 overflow-y-auto">
      <SimpleTable label={label} columns={columns} rows={steps.toReversed()} rowKey={String} />
    </div>
  );
}
