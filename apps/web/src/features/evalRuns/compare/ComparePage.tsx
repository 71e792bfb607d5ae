"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Ruler, Scale } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Button, buttonStyle } from "../../../components/ui/form/Button.tsx";
import { Select } from "../../../components/ui/form/Select.tsx";
import { PageHeader } from "../../../components/ui/layout/PageHeader.tsx";
import { EmptyState } from "../../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { DataTable } from "../../../components/ui/table/DataTable.tsx";
import { ListFooter } from "../../../components/ui/table/ListFooter.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { projectLink } from "../../../project/projectParam.ts";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "../../traces/index.ts";
import { COMPARE_PARAMS } from "../evalLinks.ts";
import { ComparedItemDialog } from "./ComparedItemDialog.tsx";
import { ComparedRuns } from "./ComparedRuns.tsx";
import type { Change, Compared } from "./compared.ts";
import { comparedColumns } from "./comparedColumns.tsx";
import { MarginMenu } from "./MarginMenu.tsx";
import { marginsText, readMargins } from "./margins.ts";
import { Verdicts } from "./Verdicts.tsx";

const CANDIDATES_MAX = 4;

/** Chips that filter the list by change, for any scorer and for each. */
function ChangeChips({
  compared: { changes, metrics },
  change,
  metric,
  onChoose,
}: {
  compared: Compared;
  change: Change;
  metric: string | null;
  onChoose: (change: Change, metric: string | null) => void;
}) {
  const chips = metrics.length > 1 ? changes : changes.filter((one) => one.metric === null);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would be of a form
    <div role="group" aria-label="Which items" className="flex flex-wrap items-center gap-1.5">
      {chips.map(({ metric: name, change: kind, items }) => {
        const isOn = change === kind && metric === name;
        return (
          <Button
            key={`${name} ${kind}`}
            size="small"
            aria-pressed={isOn}
            {...(isOn ? { "data-pressed": "" } : {})}
            {...(name === null && kind === "regressed" ? { "aria-keyshortcuts": keysOf("regressions") } : {})}
            onClick={() => (isOn ? onChoose("all", null) : onChoose(kind, name))}
          >
            {name === null ? "" : `${name} `}
            {kind} <span className="tabular-nums">{formatCount(items)}</span>
          </Button>
        );
      })}
    </div>
  );
}

/** Another candidate beside those that are there. */
function AddCandidate({ runs, project, onAdd }: { runs: Compared["runs"]; project: string; onAdd: (id: string) => void }) {
  const trpc = useTRPC();
  const all = useQuery(trpc.evalRuns.list.queryOptions({ project }));
  const ids = runs.map(({ id }) => id);
  const others = all.data?.filter(({ id }) => !ids.includes(id)) ?? [];
  if (others.length === 0 || runs.length > CANDIDATES_MAX) return null;
  return (
    <Select
      label="Add a candidate"
      value=""
      options={[{ value: "", label: "Add a candidate…" }, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(id) => id !== "" && onAdd(id)}
    />
  );
}

/** A baseline and its candidates: the conclusion on each scorer, and every item side by side, regressions first. */
export function ComparePage() {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, runs: ids, change, metric, margins: marginWords }, setParams] = useQueryStates(COMPARE_PARAMS, { history: "push" });
  const [openItem, setOpenItem] = useState<string | null>(null);
  const read = readMargins(marginWords);
  const margins = read.kind === "margins" ? read.margins : {};
  const hasTwo = ids.length >= 2;
  const isAsked = hasTwo && read.kind === "margins";
  const found = useQuery(
    trpc.evalRuns.compare.queryOptions(
      { project, ids, margins },
      { enabled: isAsked, staleTime: 60_000, placeholderData: (previous) => previous },
    ),
  );
  const listHref = projectLink("/evals", { project });
  const pages = useInfiniteQuery(
    trpc.evalRuns.comparedRows.infiniteQueryOptions(
      { project, ids, change, metric },
      {
        enabled: isAsked && found.isSuccess,
        staleTime: 60_000,
        getNextPageParam: ({ next }) => next,
        placeholderData: (previous) => previous,
      },
    ),
  );
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const choose = (kind: Change, name: string | null): void => void setParams({ change: kind, metric: name });
  useShortcuts({
    close: () => (openItem === null ? router.push(listHref) : setOpenItem(null)),
    regressions: () => (change === "regressed" && metric === null ? choose("all", null) : choose("regressed", null)),
  });
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to eval runs" }}
        title="Side by side"
        actions={
          found.data !== undefined && (
            <>
              <AddCandidate runs={found.data.runs} project={project} onAdd={(id) => void setParams({ runs: [...ids, id] })} />
              <MarginMenu metrics={found.data.metrics} margins={margins} onSet={(set) => void setParams({ margins: marginsText(set) })} />
            </>
          )
        }
      >
        {found.data !== undefined && <ComparedRuns compared={found.data} project={project} />}
      </PageHeader>
      {read.kind === "wrong" && (
        <EmptyState icon={Ruler} title="The margins in this address cannot be read">
          <p className="[overflow-wrap:anywhere]">
            <code className="font-mono text-xs">{read.part}</code> names no scorer with a number from 0 up, as exact:0.02 does.
          </p>
          <Button onClick={() => void setParams({ margins: null })}>Usual margins</Button>
        </EmptyState>
      )}
      {!hasTwo && (
        <EmptyState icon={Scale} title="Two runs are needed">
          <p>Open a run and choose what to compare it with.</p>
          <Link href={listHref} className={buttonStyle()}>
            All eval runs
          </Link>
        </EmptyState>
      )}
      {isAsked && found.isPending && <TraceListSkeleton label="Comparing" />}
      {found.isError && (
        <ErrorState
          failure={failureOf(found.error)}
          wayOut={{ href: listHref, label: "All eval runs" }}
          onRetry={() => void found.refetch()}
        />
      )}
      {found.data !== undefined && (
        <>
          <Verdicts compared={found.data} />
          <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-3 border-b border-line bg-surface px-4 py-1.5">
            <h2 className="text-sm font-semibold">Items</h2>
            <ChangeChips compared={found.data} change={change} metric={metric} onChoose={choose} />
            <span role="status" className="ml-auto text-sm text-faint tabular-nums">
              {pages.data !== undefined && `${formatCount(pages.data.pages[0]?.total ?? 0)} of ${formatCount(found.data.items)}`}
            </span>
          </div>
          {pages.isPending && <TraceListSkeleton label="Loading items" />}
          {pages.isError && <ErrorState failure={failureOf(pages.error)} onRetry={() => void pages.refetch()} />}
          <DataTable
            label="Items side by side"
            columns={comparedColumns(found.data, metric, project)}
            rows={rows}
            rowKey={({ itemId }) => itemId}
            onOpen={({ itemId }) => setOpenItem(itemId)}
            onNearEnd={() => pages.hasNextPage && !pages.isFetching && void pages.fetchNextPage()}
            footer={
              pages.hasNextPage && (
                <ListFooter pages={{ hasNextPage: true, isFetchingNextPage: pages.isFetching, fetchNextPage: pages.fetchNextPage }} />
              )
            }
          />
          <ComparedItemDialog itemId={openItem} runs={found.data.runs} project={project} onClose={() => setOpenItem(null)} />
        </>
      )}
    </>
  );
}
