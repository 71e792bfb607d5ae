"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { useProject } from "../../project/useProject.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { stepsOf } from "./byTime.ts";
import { Checkpoints } from "./Checkpoints.tsx";
import { Reasons } from "./Reasons.tsx";
import { RecordChart } from "./RecordChart.tsx";
import { RejectedExamples } from "./RejectedExamples.tsx";
import { RANGES, RECONCILIATION_PARAMS } from "./reconciliationParams.ts";
import { SourceTable } from "./SourceTable.tsx";
import { TimeTable } from "./TimeTable.tsx";
import { Watermark } from "./Watermark.tsx";
import { discrepancyText, SOURCES } from "./words.ts";

const POLL_MS_MIN = 5_000;

/** The pause between refetches as a multiple of the query's time: with much to search, most of the store's time is left for ingestion. */
const PAUSE_FOR_WORK = 20;

type Accounts = RouterOutputs["reconciliation"]["accounts"];

/** The fate of everything that a project was sent: that all of it is readable, or which part is not, and why. */
export function ReconciliationPage() {
  const trpc = useTRPC();
  const project = useProject();
  const [{ range, source, view }, setParams] = useQueryStates(RECONCILIATION_PARAMS);
  const accounts = useQuery(
    trpc.reconciliation.accounts.queryOptions(
      { project, range },
      {
        refetchInterval: (query) => Math.max(POLL_MS_MIN, PAUSE_FOR_WORK * (query.state.data?.tookMs ?? 0)),
        placeholderData: (previous) => previous,
      },
    ),
  );
  return (
    <>
      <ScreenBar title="Reconciliation" about={`What became of everything that was sent to ${project}.`}>
        <div className="ml-auto">
          <Select label="Time range" value={range} options={RANGES} onChange={(chosen) => void setParams({ range: chosen })} />
        </div>
      </ScreenBar>
      <ScreenBody label="What became of what was sent">
        {accounts.isError ? (
          <Panel>
            <ErrorState failure={failureOf(accounts.error)} onRetry={() => void accounts.refetch()} />
          </Panel>
        ) : accounts.data === undefined ? (
          <Panel>
            <Skeleton className="m-4 w-64" />
          </Panel>
        ) : (
          <Content
            accounts={accounts.data}
            source={source}
            view={view}
            onSource={(chosen) => void setParams({ source: chosen })}
            onView={(chosen) => void setParams({ view: chosen })}
          >
            <RejectedExamples project={project} range={range} source={source} />
          </Content>
        )}
        <Panel title="The decision log">
          <Checkpoints />
        </Panel>
      </ScreenBody>
    </>
  );
}

type Source = Accounts["sources"][number]["source"];

function Content({
  accounts: { sources, window, readableUntilMs, isAudited },
  source,
  view,
  onSource,
  onView,
  children,
}: {
  accounts: Accounts;
  source: Source | null;
  view: "chart" | "table";
  onSource: (source: Source | null) => void;
  onView: (view: "chart" | "table") => void;
  children: ReactNode;
}) {
  const shown = source === null ? sources : sources.filter((some) => some.source === source);
  const steps = stepsOf(shown, window);
  const discrepancies = sources.flatMap((some) => some.discrepancies.map((found) => ({ source: some.source, found })));
  const waiting = sources.reduce((sum, some) => sum + some.waiting, 0);
  return (
    <>
      <Panel>
        <Watermark untilMs={readableUntilMs} waiting={waiting} discrepancies={discrepancies.length} />
        {!isAudited && (
          <p className="border-t border-line bg-caution-soft px-4 py-2 text-caution">
            Too much came in to look for every row in the tables. Choose a shorter time range.
          </p>
        )}
        {discrepancies.map(({ source, found }) => (
          <p key={`${source} ${JSON.stringify(found)}`} className="border-t border-line px-4 py-2 text-danger">
            {SOURCES[source].label}: {discrepancyText(found)}
          </p>
        ))}
      </Panel>
      {sources.length === 0 ? (
        <Panel>
          <EmptyState icon={Inbox} title="Nothing came in">
            <p>Nobody sent anything to this project in this time. Choose a longer time range, or another project.</p>
          </EmptyState>
        </Panel>
      ) : (
        <>
          <Panel title="By source">
            <SourceTable sources={sources} chosen={source} onChoose={onSource} />
          </Panel>
          <Panel
            title={source === null ? "By time, all sources" : `By time, ${SOURCES[source].label}`}
            aside={
              <Button size="small" onClick={() => onView(view === "chart" ? "table" : "chart")}>
                {view === "chart" ? "Show as table" : "Show as chart"}
              </Button>
            }
          >
            {view === "chart" ? <RecordChart steps={steps} stepSeconds={window.stepSeconds} /> : <TimeTable steps={steps} />}
          </Panel>
          <Panel title="Not rows, by reason">
            <Reasons sources={shown} />
          </Panel>
          <Panel title="Examples of what could not be stored">{children}</Panel>
        </>
      )}
    </>
  );
}
