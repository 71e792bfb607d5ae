"use client";
import { isUnderWay, weightOf } from "@signalbox/model";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Milestone, SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { DataTable } from "../../components/ui/table/DataTable.tsx";
import { formatCount } from "../../format/amounts.ts";
import { projectLink } from "../../project/projectParam.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "../traces/index.ts";
import { rolloutColumns } from "./rolloutColumns.tsx";
import { LIST_PARAMS, rolloutLink } from "./rolloutParams.ts";
import { PHASES } from "./words.ts";

const REFETCH_MS = 10_000;
const PAGE_ROWS = 50;
const LIVE_MAX = 200;
const ANY = "any";

const PHASE_OPTIONS = [
  { value: ANY, label: "In any phase" },
  ...(["running", "paused", "promoted", "rolledBack", "aborted"] as const).map((value) => ({ value, label: PHASES[value].label })),
] as const;

/** Rollouts, unfinished ones first; filters in the URL. */
export function RolloutListPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, of, phase }, setParams] = useQueryStates(LIST_PARAMS, { history: "push" });
  const whose = of === "project" ? { project } : {};
  const live = { refetchInterval: REFETCH_MS } as const;
  const isAny = phase === null;
  const running = useQuery(trpc.rollouts.list.queryOptions({ ...whose, phase: "running", limit: LIVE_MAX }, { ...live, enabled: isAny }));
  const paused = useQuery(trpc.rollouts.list.queryOptions({ ...whose, phase: "paused", limit: LIVE_MAX }, { ...live, enabled: isAny }));
  const all = useInfiniteQuery(
    trpc.rollouts.list.infiniteQueryOptions(
      { ...whose, ...(isAny ? {} : { phase }), limit: PAGE_ROWS },
      { ...live, getNextPageParam: ({ next }) => next },
    ),
  );
  const listed = all.data?.pages.flatMap(({ rollouts }) => rollouts) ?? [];
  const underWay = [...(running.data?.rollouts ?? []), ...(paused.data?.rollouts ?? [])].toSorted((one, other) =>
    one.startedAt < other.startedAt ? 1 : -1,
  );
  const rows = isAny ? [...underWay, ...listed.filter((rollout) => !isUnderWay(rollout))] : listed;
  const isPending = all.isPending || (isAny && (running.isPending || paused.isPending));
  const error = all.error ?? (isAny ? (running.error ?? paused.error) : null);
  return (
    <>
      <ScreenBar title="Rollouts" isSearch>
        <Select
          label="Whose"
          value={of}
          options={[
            { value: "project", label: "Of this project" },
            { value: "all", label: "Of all projects" },
          ]}
          onChange={(chosen) => void setParams({ of: chosen })}
        />
        <Select
          label="Phase"
          value={phase ?? ANY}
          options={PHASE_OPTIONS}
          onChange={(chosen) => void setParams({ phase: chosen === ANY ? null : chosen })}
        />
        <Link href={projectLink("/rollouts/policy", { project })} className={buttonStyle({ tone: "quiet", className: "ml-auto" })}>
          Write a gate policy
        </Link>
      </ScreenBar>
      {isPending && <TraceListSkeleton label="Loading rollouts" />}
      {error !== null && <ErrorState failure={failureOf(error)} onRetry={() => void all.refetch()} />}
      {!isPending && error === null && rows.length === 0 && (
        <NoRollouts project={project} isFiltered={!isAny} onClear={() => void setParams({ phase: null })} />
      )}
      {!isPending && error === null && rows.length > 0 && (
        <DataTable
          label="Rollouts"
          columns={rolloutColumns(of === "all")}
          rows={rows}
          rowKey={({ id }) => id}
          onOpen={(row) => router.push(rolloutLink(row.id, row.project))}
          footer={
            <div className="flex h-12 items-center gap-3 px-4 text-sm text-faint tabular-nums">
              {all.hasNextPage ? (
                <Button size="small" onClick={() => void all.fetchNextPage()} disabled={all.isFetchingNextPage}>
                  {all.isFetchingNextPage ? "Loading…" : "Load more"}
                </Button>
              ) : (
                `${formatCount(rows.length)} ${rows.length === 1 ? "rollout" : "rollouts"}, ${formatCount(rows.filter((row) => weightOf(row) > 0 && isUnderWay(row)).length)} under way.`
              )}
            </div>
          }
        />
      )}
    </>
  );
}

function NoRollouts({ project, isFiltered, onClear }: { project: string; isFiltered: boolean; onClear: () => void }) {
  if (isFiltered)
    return (
      <EmptyState icon={SearchX} title="No rollout in this phase">
        <p>There may be some in another one.</p>
        <Button onClick={onClear}>Show rollouts in any phase</Button>
      </EmptyState>
    );
  return (
    <EmptyState icon={Milestone} title="No rollout yet">
      <p>
        A rollout gives a new version of the agent a growing share of the sessions, and goes on, back or all the way by itself, as its gate
        policy says.
      </p>
      <code className="rounded-md bg-sunken px-2 py-1 text-left font-mono text-xs text-ink">
        ./signalbox rollout start --project {project} --policy gate.yaml --candidate VERSION
      </code>
      <p>`./signalbox version list` shows the versions that there are.</p>
      <Link href={projectLink("/rollouts/policy", { project })} className={buttonStyle()}>
        Write a gate policy
      </Link>
    </EmptyState>
  );
}
