"use client";
import { useMemo } from "react";
import { ChartCursor, stepsName, TimeChart } from "../../components/chart/index.ts";
import { Button } from "../../components/ui/form/Button.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { formatEvidence } from "./amounts.ts";
import { EVIDENCE_UNIT, evidencePlots } from "./evidenceSeries.ts";
import type { Entry, Evidence, Rollout } from "./rolloutParams.ts";

type Point = Evidence["points"][number];

function columnsOf(evidence: Evidence): SimpleColumn<Point>[] {
  const names = evidence.points.at(-1)?.metrics.map(({ name }) => name) ?? [];
  const of = (point: Point, name: string) => point.metrics.find((metric) => metric.name === name);
  return [
    { id: "at", header: "Look", cell: ({ at }) => <TimeText unixNano={unixNanoOf(at)} withDate /> },
    { id: "step", header: "Step", align: "end", cell: ({ step }) => step + 1 },
    { id: "units", header: "Candidate's units", align: "end", cell: ({ units }) => formatCount(units) },
    { id: "harm", header: "All worse", align: "end", cell: ({ eHarm }) => formatEvidence(eHarm) },
    ...names.map(
      (name): SimpleColumn<Point> => ({
        id: name,
        header: (
          <span className="inline-block max-w-48 truncate align-bottom" title={`${name}: worse / safe`}>
            {name}
          </span>
        ),
        align: "end",
        cell: (point) => (
          <span className="whitespace-nowrap">
            {formatEvidence(of(point, name)?.eHarm ?? null)} / {formatEvidence(of(point, name)?.eSafe ?? null)}
          </span>
        ),
      }),
    ),
  ];
}

/** The growth of the evidence over a rollout, with the thresholds for rolling back and promoting; as charts, or look by look. */
export function EvidencePanel({
  rollout,
  evidence,
  entries,
  nowMs,
  view,
  onView,
}: {
  rollout: Rollout;
  evidence: Evidence;
  entries: readonly Entry[];
  nowMs: number;
  view: "chart" | "table";
  onView: (view: "chart" | "table") => void;
}) {
  const fromMs = Date.parse(rollout.startedAt);
  const toMs = rollout.endedAt === null ? nowMs : Date.parse(rollout.endedAt);
  const { grid, harm, safety, marks } = useMemo(() => evidencePlots(evidence, entries, fromMs, toMs), [evidence, entries, fromMs, toMs]);
  return (
    <Panel
      title="Evidence over time"
      aside={
        evidence.points.length > 0 && (
          <Button size="small" onClick={() => onView(view === "chart" ? "table" : "chart")}>
            {view === "chart" ? "Show as table" : "Show as chart"}
          </Button>
        )
      }
    >
      {evidence.points.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-muted">The gate has not looked yet.</p>
      ) : view === "table" ? (
        <ScrollRegion label="Evidence, look by look" className="max-h-96 overflow-auto">
          <SimpleTable
            label="Evidence by look: worse / safe"
            columns={columnsOf(evidence)}
            rows={evidence.points.toReversed()}
            rowKey={({ look }) => String(look)}
          />
        </ScrollRegion>
      ) : (
        <ChartCursor of={stepsName(grid)}>
          <div className="grid grid-cols-1 gap-x-8 gap-y-4 px-4 py-3 xl:grid-cols-2">
            <div className="min-w-0">
              <h3 className="mb-1 text-sm font-medium text-muted">That it is worse</h3>
              <TimeChart label="Evidence that the candidate is worse" grid={grid} series={harm} unit={EVIDENCE_UNIT} marks={marks} />
            </div>
            <div className="min-w-0">
              <h3 className="mb-1 text-sm font-medium text-muted">That it is within its margins</h3>
              {safety.length > 1 ? (
                <TimeChart
                  label="Evidence that the candidate is within its margins"
                  grid={grid}
                  series={safety}
                  unit={EVIDENCE_UNIT}
                  marks={marks}
                />
              ) : (
                <p className="py-6 text-sm text-muted">No metric of the policy has a margin.</p>
              )}
            </div>
          </div>
        </ChartCursor>
      )}
    </Panel>
  );
}
