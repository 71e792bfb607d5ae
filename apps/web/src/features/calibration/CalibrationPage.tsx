"use client";
import { useQuery } from "@tanstack/react-query";
import { Target } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Select } from "../../components/ui/form/Select.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCount, formatShare } from "../../format/amounts.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { rangeInputOf, rangeProblems, TimeRangePicker, UnusableFilters } from "../traces/index.ts";
import { CALIBRATION_PARAMS, type PointRow } from "./calibrationParams.ts";
import { JudgePanel } from "./JudgePanel.tsx";
import { PointPanel } from "./PointPanel.tsx";

const shareOrNone = (share: number | null): string => (share === null ? "–" : formatShare(share));

/** How trustworthy the confidence of a project's decisions is, and its judges. */
export function CalibrationPage() {
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(CALIBRATION_PARAMS, { history: "push" });
  const [isRangeOpen, setRangeOpen] = useState(false);
  const problems = rangeProblems(useSearchParams());
  const { project, score } = params;
  const found = useQuery(
    trpc.calibration.points.queryOptions(
      { project, range: rangeInputOf(params), score },
      { enabled: problems.length === 0, placeholderData: (previous) => previous, staleTime: 10_000 },
    ),
  );
  useShortcuts({ timeRange: () => setRangeOpen(true) });
  const points = found.data?.points ?? [];
  const current = points.find(({ name, service }) => name === params.point && service === params.service) ?? points[0];
  const scores = [...new Set([score, ...(found.data?.scores ?? []).map(({ name }) => name)])];
  return (
    <>
      <ScreenBar title="Calibration" about={`Are decisions of project ${project} as often right as they are sure?`}>
        <div className="ml-auto flex min-w-0 flex-wrap items-center gap-2">
          <Select
            label="The score that tells what became of a decision"
            value={score}
            options={scores.map((name) => ({ value: name, label: `outcome: ${name}` }))}
            onChange={(chosen) => void setParams({ score: chosen })}
          />
          <TimeRangePicker range={params} onChange={(range) => void setParams(range)} isOpen={isRangeOpen} onOpenChange={setRangeOpen} />
        </div>
      </ScreenBar>
      <ScreenBody label="How far decisions and judges may be believed">
        {problems.length > 0 && (
          <Panel title="Time range">
            <UnusableFilters problems={problems} onClear={(dropped) => void setParams(dropped)} />
          </Panel>
        )}
        {problems.length === 0 && found.isPending && <Skeleton className="h-60" />}
        {found.isError && <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />}
        {found.isSuccess && points.length === 0 && (
          <EmptyState icon={Target} title="No decision of this time says how sure it was">
            <p>
              Decisions with a confidence come from the agent runtime (what it understood), and from decision models that the AI SDK,
              LangChain or Strands ask. Choose a longer time, or send some.
            </p>
          </EmptyState>
        )}
        {current !== undefined && !found.isError && (
          <>
            <Panel title="Decision points">
              <SimpleTable
                label="Decision points"
                columns={columnsOf(({ name, service }) => void setParams({ point: name, service }))}
                rows={points}
                rowKey={({ name, service }) => `${service} ${name}`}
                isCurrent={(row) => row === current}
              />
            </Panel>
            <PointPanel
              key={`${current.service} ${current.name}`}
              project={project}
              range={params}
              score={score}
              service={current.service}
              name={current.name}
              isTable={params.view === "tables"}
              onTable={(isTable) => void setParams({ view: isTable ? "tables" : null })}
            />
          </>
        )}
        <JudgePanel project={project} />
      </ScreenBody>
    </>
  );
}

function columnsOf(onChoose: (row: PointRow) => void): SimpleColumn<PointRow>[] {
  return [
    {
      ...{ id: "name", header: "Decision", isElastic: true },
      cell: (row) => (
        <button type="button" onClick={() => onChoose(row)} title={row.name} className="max-w-full truncate font-medium hover:underline">
          {row.name}
        </button>
      ),
    },
    {
      ...{ id: "service", header: "Service" },
      cell: ({ service }) => (
        <div className="max-w-48 truncate text-muted max-sm:max-w-24" title={service}>
          {service}
        </div>
      ),
    },
    { id: "answers", header: "Decisions", align: "end", cell: ({ answers }) => formatCount(answers) },
    { id: "known", header: "Outcome known", align: "end", cell: ({ known }) => formatCount(known) },
    { id: "confidence", header: "Sure", align: "end", cell: ({ confidence }) => shareOrNone(confidence) },
    { id: "right", header: "Right", align: "end", cell: ({ right }) => shareOrNone(right) },
  ];
}
