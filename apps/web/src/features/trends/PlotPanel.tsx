"use client";
import { ChartColumn, CircleHelp, Table2, X, ZoomIn } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { ChartTable, type Stretch, TimeChart, type TimeGrid, useCursor } from "../../components/chart/index.ts";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { Popover } from "../../components/ui/overlay/Popover.tsx";
import { ChangeMark } from "./ChangeMark.tsx";
import type { Plot } from "./plots.ts";

/** One plot: its number, its data, and the links from it into the list of traces. */
export function PlotPanel({
  plot,
  grid,
  than,
  isOpen,
  isTable,
  hrefOf,
  onTable,
  onZoom,
}: {
  plot: Plot;
  grid: TimeGrid;
  than: string;
  isOpen: (step: number) => boolean;
  isTable: boolean;
  hrefOf: (stretch: Stretch) => string;
  onTable: () => void;
  onZoom: (stretch: Stretch) => void;
}) {
  const router = useRouter();
  const { title, total, detail, change, isBad, unit, series } = plot;
  const ofStep = (step: number): string => hrefOf({ first: step, last: step });
  // Zero errors are worth showing, zero tokens are not.
  const isEmpty = series.every(({ mark, values }) => values.every((value) => value === null || (value === 0 && mark !== "line")));
  const asTable = isTable ? "Show as chart" : "Show as table";
  return (
    <section aria-label={title} className="flex min-w-0 flex-col rounded-lg border border-line bg-surface">
      <div className="flex items-start gap-2 px-4 pt-3 pb-2">
        <div className="min-w-0">
          <h2 className="text-sm font-medium text-muted">{title}</h2>
          <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <span className="text-xl font-semibold tracking-tight tabular-nums">{total}</span>
            <span className="max-w-full truncate text-sm text-muted tabular-nums" title={detail}>
              {detail}
            </span>
            <ChangeMark change={change} isBad={isBad} than={than} />
          </p>
        </div>
        <div className="ml-auto flex shrink-0">
          <Popover
            title={`What ${title} means`}
            align="end"
            className="max-w-80 text-sm text-muted"
            trigger={
              <Button tone="quiet" size="smallIcon" aria-label={`What ${title} means`}>
                <CircleHelp className="size-3.5" aria-hidden />
              </Button>
            }
          >
            <p>{plot.help}</p>
          </Popover>
          <Button tone="quiet" size="smallIcon" aria-label={`${asTable}: ${title}`} title={asTable} onClick={onTable}>
            {isTable ? <ChartColumn className="size-3.5" aria-hidden /> : <Table2 className="size-3.5" aria-hidden />}
          </Button>
        </div>
      </div>
      {isTable ? (
        <ChartTable label={`${title} by time`} grid={grid} series={series} unit={unit} isOpen={isOpen} hrefOf={ofStep} />
      ) : isEmpty ? (
        <p className="flex h-48 items-center justify-center px-4 text-muted">None in this time.</p>
      ) : (
        <div className="px-4 pb-3">
          <TimeChart
            label={`${title} over time. Arrows move, Shift with arrows chooses, Enter opens the traces`}
            grid={grid}
            series={series}
            unit={unit}
            isOpen={isOpen}
            onStep={(step) => router.push(ofStep(step))}
            onStretch={(stretch) => router.push(hrefOf(stretch))}
            stretchActions={(stretch) => <StretchActions href={hrefOf(stretch)} onZoom={() => onZoom(stretch)} />}
          />
        </div>
      )}
    </section>
  );
}

/** The actions on a selected stretch of time. */
function StretchActions({ href, onZoom }: { href: string; onZoom: () => void }) {
  const { setCursor } = useCursor();
  const drop = (): void => setCursor({ chart: null, step: null, stretch: null });
  return (
    <div className="flex gap-1 rounded-md border border-line-strong bg-raised p-1 shadow-pop">
      <Link href={href} className={buttonStyle({ tone: "primary", size: "small" })}>
        Show its traces
      </Link>
      <Button
        size="small"
        onClick={() => {
          drop();
          onZoom();
        }}
      >
        <ZoomIn className="size-3" aria-hidden />
        Zoom in
      </Button>
      <Button tone="quiet" size="smallIcon" aria-label="Drop the choice" onClick={drop}>
        <X className="size-3" aria-hidden />
      </Button>
    </div>
  );
}
