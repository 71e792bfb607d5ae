"use client";
import { LIST_LIMITS } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { ArrowUp, Radio } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useRef, useState } from "react";
import { Button } from "../../../components/ui/Button.tsx";
import { classNames } from "../../../components/ui/classNames.ts";
import { DataTable } from "../../../components/ui/DataTable.tsx";
import { ErrorState } from "../../../components/ui/ErrorState.tsx";
import { FilterBar } from "../../../components/ui/FilterBar.tsx";
import { usePreference } from "../../../preferences/usePreference.ts";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { EmptyTraceList } from "./EmptyTraceList.tsx";
import { activeFilters, filterText, NO_FILTERS } from "./filterNames.ts";
import { LIST_PARAMS, listInputOf, listLink } from "./listParams.ts";
import { listProblems } from "./listProblems.ts";
import { PendingTraceList } from "./PendingTraceList.tsx";
import { TimeRangePicker } from "./TimeRangePicker.tsx";
import { TraceFilterPanel } from "./TraceFilterPanel.tsx";
import { TraceHistogram } from "./TraceHistogram.tsx";
import { longestOf, traceColumns } from "./traceColumns.tsx";
import type { TraceRow } from "./traceRow.ts";
import { UnusableFilters } from "./UnusableFilters.tsx";
import { useTraceList } from "./useTraceList.ts";

/** The list of traces: filters and time range in the URL, newest first, live. */
export function TraceListPage() {
  const router = useRouter();
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(LIST_PARAMS, { history: "push" });
  const [isLive, setIsLive] = usePreference("isLive");
  const [clock] = usePreference("clock");
  const [isPointerOver, setPointerOver] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  const [isPanelOpen, setPanelOpen] = useState(false);
  const [isRangeOpen, setRangeOpen] = useState(false);
  const searchRef = useRef<HTMLInputElement>(null);

  const problems = listProblems(useSearchParams());
  const isAsked = problems.length === 0;
  const list = useTraceList(params, { isAsked, isLive, mayMove: !isPointerOver && !isScrolled });
  const { range } = listInputOf(params);
  const facets = useQuery(trpc.traces.facets.queryOptions({ range }, { enabled: isPanelOpen && isAsked, staleTime: 30_000 }));
  const hrefOf = (row: TraceRow): string => listLink(`/traces/${row.traceId}`, params);

  useShortcuts({
    search: () => searchRef.current?.focus(),
    filters: () => setPanelOpen(true),
    timeRange: () => setRangeOpen(true),
    live: () => setIsLive(!isLive),
    showNew: list.takeFresh,
  });

  const active = activeFilters(params);
  const chips = active
    .filter(({ param }) => param !== "q")
    .map(({ param, label }) => ({ id: param, label, text: filterText(param, params), clear: () => void setParams({ [param]: null }) }));
  const columns = traceColumns({ hrefOf, onSession: (session) => void setParams({ session }), longestNs: longestOf(list.rows), clock });
  const isEmpty = isAsked && !list.isPending && list.error === null && list.rows.length === 0;

  // The chart counts traces by their roots.
  const hasChart = isAsked && !isEmpty && list.error === null && params.status !== "incomplete";

  return (
    <>
      <h1 className="sr-only">Traces</h1>
      <FilterBar
        searchRef={searchRef}
        searchLabel="Search names and messages"
        text={params.q ?? ""}
        textCharsMax={LIST_LIMITS.textCharsMax}
        onText={(text) => void setParams({ q: text === "" ? null : text })}
        chips={chips}
        onClearAll={() => void setParams(NO_FILTERS)}
        isPanelOpen={isPanelOpen}
        onPanelOpenChange={setPanelOpen}
        panel={<TraceFilterPanel params={params} facets={facets.data ?? []} onChange={(change) => void setParams(change)} />}
      >
        <LiveButton isLive={isLive} onChange={setIsLive} />
        <TimeRangePicker range={params} onChange={(chosen) => void setParams(chosen)} isOpen={isRangeOpen} onOpenChange={setRangeOpen} />
      </FilterBar>
      {hasChart && <TraceHistogram params={params} isLive={isLive} onZoom={(from, to) => void setParams({ from, to })} />}
      <div
        className="relative flex min-h-0 flex-1 flex-col"
        onPointerEnter={() => setPointerOver(true)}
        onPointerLeave={() => setPointerOver(false)}
        onScrollCapture={(event) => setScrolled(event.target instanceof Element && event.target.scrollTop > 0)}
      >
        {list.freshCount > 0 && <FreshPill count={list.freshCount} isMore={list.hasMoreFresh} onTake={list.takeFresh} />}
        {!isAsked && <UnusableFilters problems={problems} onClear={(params) => void setParams(params)} />}
        {isAsked && list.isPending && <PendingTraceList onRetry={list.retry} />}
        {list.error !== null && <ErrorState failure={failureOf(list.error)} onRetry={list.retry} />}
        {isEmpty && (
          <div className="min-h-0 flex-1 overflow-y-auto">
            <EmptyTraceList params={params} onChange={(change) => void setParams(change)} />
          </div>
        )}
        {list.rows.length > 0 && list.error === null && (
          <DataTable
            label="Traces"
            columns={columns}
            rows={list.rows}
            rowKey={(row) => row.traceId}
            onOpen={(row) => router.push(hrefOf(row))}
            footer={
              <ListFooter
                count={list.rows.length}
                uncharted={hasChart ? list.rows.filter(({ status }) => status === "incomplete").length : 0}
                hasOlder={list.hasOlder}
                isLoading={list.isLoadingOlder}
                onOlder={list.loadOlder}
              />
            }
          />
        )}
      </div>
    </>
  );
}

function LiveButton({ isLive, onChange }: { isLive: boolean; onChange: (isLive: boolean) => void }) {
  return (
    <Button
      aria-pressed={isLive}
      aria-keyshortcuts={keysOf("live")}
      onClick={() => onChange(!isLive)}
      title="Show new traces as they come (L)"
    >
      <Radio className={classNames("size-3.5", isLive ? "text-clear-mark" : "text-faint")} aria-hidden />
      {isLive ? "Live" : "Paused"}
    </Button>
  );
}

function FreshPill({ count, isMore, onTake }: { count: number; isMore: boolean; onTake: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center" role="status">
      <Button tone="primary" className="pointer-events-auto rounded-full px-3.5 shadow-pop" onClick={onTake}>
        <ArrowUp className="size-3.5" aria-hidden />
        {isMore ? `${count}+` : count} new
      </Button>
    </div>
  );
}

function ListFooter({
  count,
  uncharted,
  hasOlder,
  isLoading,
  onOlder,
}: {
  count: number;
  uncharted: number;
  hasOlder: boolean;
  isLoading: boolean;
  onOlder: () => void;
}) {
  return (
    <div className="flex h-12 items-center gap-3 px-4 text-sm text-faint">
      <span className="tabular-nums">
        {count} {count === 1 ? "trace" : "traces"}
        {hasOlder ? " so far" : ", all of this time"}
        {uncharted > 0 && `; ${uncharted} without a root ${uncharted === 1 ? "is" : "are"} not in the chart`}
      </span>
      {hasOlder && (
        <Button size="small" onClick={onOlder} disabled={isLoading}>
          {isLoading ? "Loading…" : "Load more"}
        </Button>
      )}
    </div>
  );
}
