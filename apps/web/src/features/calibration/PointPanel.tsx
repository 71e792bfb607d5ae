"use client";
import { useQuery } from "@tanstack/react-query";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { Button } from "../../components/ui/form/Button.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import { formatScore } from "../../format/scores.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { type RangeParams, rangeInputOf } from "../traces/index.ts";
import type { Calibration } from "./calibrationParams.ts";
import { DriftChart } from "./DriftChart.tsx";
import { ReliabilityDiagram } from "./ReliabilityDiagram.tsx";
import { ReliabilityTable } from "./ReliabilityTable.tsx";

/** The calibration of one decision point. */
export function PointPanel({
  project,
  range,
  score,
  service,
  name,
  isTable,
  onTable,
}: {
  project: string;
  range: RangeParams;
  score: string;
  service: string;
  name: string;
  isTable: boolean;
  onTable: (isTable: boolean) => void;
}) {
  const trpc = useTRPC();
  const found = useQuery(
    trpc.calibration.point.queryOptions({ project, range: rangeInputOf(range), score, service, name }, { staleTime: 30_000 }),
  );
  if (found.isPending) return <Skeleton className="h-80" />;
  if (found.isError) return <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />;
  const { calibration, steps, isCut } = found.data;
  if (calibration === null)
    return (
      <Panel title={name}>
        <p className="p-6 text-center text-muted">
          No trace of these decisions has a score {score}: what became of them is not known. Choose another score, or let people label some.
        </p>
      </Panel>
    );
  return (
    <>
      <Panel
        title={name}
        aside={
          <Button size="small" onClick={() => onTable(!isTable)}>
            {isTable ? "Charts" : "Tables"}
          </Button>
        }
      >
        <div className="px-4 py-3">
          <PointFacts calibration={calibration} isCut={isCut} />
        </div>
        <div className="border-t border-line">
          {isTable ? (
            <ReliabilityTable bins={calibration.bins} label={`Reliability of ${name}`} />
          ) : (
            <div className="flex flex-wrap gap-6 p-4">
              <ReliabilityDiagram
                bins={calibration.bins}
                label={`Reliability of ${name}: sure ${formatShare(calibration.confidence)}, right ${formatShare(calibration.right)} on average. The table has the numbers.`}
              />
              <p className="max-w-80 text-sm text-muted">
                Across is how sure decisions were, up how often they were right. On the broken line they were as often right as sure; below
                it they were too sure, above it too modest. A larger dot is of more decisions; its line is a 95% interval.
              </p>
            </div>
          )}
        </div>
      </Panel>
      <Panel title="Over time">
        <div className={isTable ? "" : "p-4"}>
          <DriftChart drift={calibration.drift} steps={steps} isTable={isTable} />
        </div>
      </Panel>
    </>
  );
}

function PointFacts({ calibration, isCut }: { calibration: Calibration; isCut: boolean }) {
  const { answers, units, confidence, right, brier, error, errorByChance } = calibration;
  const isOff = error.lower > errorByChance;
  return (
    <Facts>
      <Fact label="Decisions">
        {formatCount(answers)}
        {isCut && " (the latest)"} of {formatCount(units)} traces
      </Fact>
      <Fact label="Sure">{formatShare(confidence)}</Fact>
      <Fact label="Right">{formatShare(right)}</Fact>
      <Fact label="Calibration error">
        <span className="whitespace-nowrap">
          {formatShare(error.value)}{" "}
          <span className="text-faint">
            [{formatShare(error.lower)}, {formatShare(error.upper)}]
          </span>
        </span>{" "}
        <Badge tone={isOff ? "caution" : "clear"}>
          {isOff ? (confidence > right ? "too sure" : "not as sure as right") : `no more than chance makes (${formatShare(errorByChance)})`}
        </Badge>
      </Fact>
      <Fact label="Brier score">{formatScore(brier)}</Fact>
    </Facts>
  );
}
