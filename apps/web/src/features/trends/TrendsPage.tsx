"use client";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { useProject } from "../../project/useProject.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { EmptyTraceList, PendingTraceList, rangeProblems, readListParams, UnusableFilters } from "../traces/index.ts";
import { Plots } from "./Plots.tsx";
import { TrendsBar } from "./TrendsBar.tsx";
import { TrendsSkeleton } from "./TrendsSkeleton.tsx";
import { type Overview, overviewInputOf, TREND_PARAMS, type TrendParams } from "./trendParams.ts";

const POLL_MS = 30_000;

/** Poll interval in milliseconds while somebody waits for the first numbers. */
const EMPTY_POLL_MS = 3_000;

/** A project's agents over a time range: traffic, errors, durations and cost. */
export function TrendsPage() {
  // Data of another project must not be shown for this one, not even while loading.
  return <TrendsOfProject key={useProject()} />;
}

function TrendsOfProject() {
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(TREND_PARAMS, { history: "push" });
  const problems = rangeProblems(useSearchParams());
  const overview = useQuery(
    trpc.trends.overview.queryOptions(overviewInputOf(params), {
      enabled: problems.length === 0,
      placeholderData: keepPreviousData,
      refetchInterval: ({ state }) => (state.data !== undefined && isEmpty(state.data) ? EMPTY_POLL_MS : POLL_MS),
    }),
  );
  const change = (wanted: Partial<TrendParams>): void => void setParams(wanted);
  return (
    <>
      <TrendsBar params={params} overview={overview.data} onChange={change} />
      <ScreenBody label="What the agents did">
        {problems.length > 0 ? (
          <Panel>
            <UnusableFilters problems={problems} onClear={(dropped) => void setParams(dropped)} />
          </Panel>
        ) : overview.data !== undefined && !overview.isError ? (
          <div aria-busy={overview.isPlaceholderData} className={overview.isPlaceholderData ? "opacity-60" : undefined}>
            {isEmpty(overview.data) ? (
              <NoTrends params={params} behind={overview.data.behind} onChange={change} />
            ) : (
              <Plots overview={overview.data} params={params} onChange={change} />
            )}
          </div>
        ) : overview.isError ? (
          <Panel>
            <ErrorState failure={failureOf(overview.error)} onRetry={() => void overview.refetch()} />
          </Panel>
        ) : (
          <PendingTraceList onRetry={() => void overview.refetch()}>
            <TrendsSkeleton />
          </PendingTraceList>
        )}
      </ScreenBody>
    </>
  );
}

const isEmpty = ({ points }: Overview): boolean => points.length === 0;

/** Nothing to plot: the data is not summed up yet, or the reason is the same as for an empty list. */
function NoTrends({ params, behind, onChange }: { params: TrendParams; behind: number; onChange: (change: Partial<TrendParams>) => void }) {
  const { project, range, from, to, service, model } = params;
  // Service and model of data that has just arrived are not known yet.
  if (behind > 0 && !service && !model)
    return (
      <Panel>
        <p role="status" className="px-6 py-14 text-center text-muted">
          Spans have arrived, and are being summed up. The plots come by themselves.
        </p>
      </Panel>
    );
  const list = { ...readListParams(""), project, range, from, to, service: service ? [service] : [], model: model ? [model] : [] };
  return (
    <Panel>
      <EmptyTraceList
        params={list}
        onChange={({ service: services, model: models, ...time }) =>
          onChange({
            ...("range" in time ? { range: time.range ?? "24h", from: time.from ?? null, to: time.to ?? null } : {}),
            ...(services === undefined ? {} : { service: services?.[0] ?? null }),
            ...(models === undefined ? {} : { model: models?.[0] ?? null }),
          })
        }
      />
    </Panel>
  );
}
