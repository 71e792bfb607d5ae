"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Select } from "../../../components/ui/form/Select.tsx";
import { PageHeader } from "../../../components/ui/layout/PageHeader.tsx";
import { ScrollRegion } from "../../../components/ui/layout/ScrollRegion.tsx";
import { Tabs } from "../../../components/ui/layout/Tabs.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { DataTable } from "../../../components/ui/table/DataTable.tsx";
import { ListFooter } from "../../../components/ui/table/ListFooter.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { projectLink } from "../../../project/projectParam.ts";
import { useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "../../traces/index.ts";
import { compareLink, RUN_PARAMS } from "../evalLinks.ts";
import { ClassesPanel } from "./ClassesPanel.tsx";
import { RunFacts } from "./RunFacts.tsx";
import { RunScorers } from "./RunScorers.tsx";
import { TryDialog, type TryRow } from "./TryDialog.tsx";
import { tryColumns } from "./tryColumns.tsx";

type Detail = RouterOutputs["evalRuns"]["read"];

const EVERYTHING = "*";

/** The project's other runs to compare with: the run on the page is the candidate. */
function CompareWith({ run, project }: { run: Detail["run"]; project: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const runs = useQuery(trpc.evalRuns.list.queryOptions({ project }));
  const others = runs.data?.filter(({ id }) => id !== run.id) ?? [];
  if (others.length === 0) return null;
  const sameFirst = others.toSorted(
    (one, other) => Number(other.datasetHash === run.datasetHash) - Number(one.datasetHash === run.datasetHash),
  );
  return (
    <Select
      label="Compare with a baseline"
      value=""
      options={[{ value: "", label: "Compare with…" }, ...sameFirst.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(baseline) => baseline !== "" && router.push(compareLink([baseline, run.id], project))}
    />
  );
}

/** A run: its scorers' results, and its tries, failed ones first. */
export function EvalRunPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, view, failing }, setParams] = useQueryStates(RUN_PARAMS, { history: "push" });
  const [shown, setShown] = useState<TryRow | null>(null);
  const found = useQuery(
    trpc.evalRuns.read.queryOptions(
      { project, id },
      { refetchInterval: ({ state }) => (state.data?.run.endedAt === null ? 5_000 : false) },
    ),
  );
  const tries = useInfiniteQuery(
    trpc.evalRuns.tries.infiniteQueryOptions(
      { project, id, filter: failing === null ? {} : { failing } },
      { getNextPageParam: ({ next }) => next, placeholderData: (previous) => previous },
    ),
  );
  const listHref = projectLink("/evals", { project });
  useShortcuts({ close: () => (shown === null ? router.push(listHref) : setShown(null)) });
  const rows = tries.data?.pages.flatMap((page) => page.tries) ?? [];
  const total = tries.data?.pages[0]?.total ?? 0;
  const triesPanel = (detail: Detail) => (
    <>
      <div className="flex min-h-10 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <h2 className="text-sm font-semibold">Tries</h2>
        <Select
          label="Which tries"
          value={failing ?? EVERYTHING}
          options={[
            { value: EVERYTHING, label: "All, failed first" },
            ...detail.scorers.flatMap(({ name, passed }) => (passed === null ? [] : [{ value: name, label: `Not passed by ${name}` }])),
          ]}
          onChange={(chosen) => void setParams({ failing: chosen === EVERYTHING ? null : chosen })}
        />
        <span className="text-sm text-faint tabular-nums">{formatCount(total)}</span>
      </div>
      <DataTable
        label="Tries of this run"
        columns={tryColumns(detail, project)}
        rows={rows}
        rowKey={({ position, trial }) => `${position}/${trial}`}
        onOpen={setShown}
        footer={tries.hasNextPage && <ListFooter pages={tries} />}
      />
    </>
  );
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to eval runs" }}
        title={found.data?.run.name ?? "Eval run"}
        hint={found.data?.run.name ?? "Eval run"}
        actions={found.data !== undefined && <CompareWith run={found.data.run} project={project} />}
      >
        {found.data !== undefined && <RunFacts {...found.data} />}
      </PageHeader>
      {found.isError && (
        <ErrorState
          failure={failureOf(found.error)}
          wayOut={{ href: listHref, label: "All eval runs" }}
          onRetry={() => void found.refetch()}
        />
      )}
      {tries.isError && !found.isError && <ErrorState failure={failureOf(tries.error)} onRetry={() => void tries.refetch()} />}
      {tries.isPending && <TraceListSkeleton label="Loading tries" />}
      {found.data !== undefined && tries.data !== undefined && (
        <>
          <RunScorers scorers={found.data.scorers} />
          {found.data.classes.length === 0 ? (
            triesPanel(found.data)
          ) : (
            <Tabs
              label="What is shown"
              value={view}
              onChange={(chosen) => void setParams({ view: chosen })}
              panelClassName="flex flex-col"
              tabs={[
                { value: "tries", label: "Tries", panel: triesPanel(found.data) },
                {
                  value: "classes",
                  label: "Classes",
                  panel: (
                    <ScrollRegion label="Classes" className="min-h-0 flex-1 bg-surface">
                      {found.data.classes.map((classes) => (
                        <ClassesPanel key={classes.scorer} classes={classes} />
                      ))}
                    </ScrollRegion>
                  ),
                },
              ]}
            />
          )}
        </>
      )}
      <TryDialog shown={shown} project={project} onClose={() => setShown(null)} />
    </>
  );
}
