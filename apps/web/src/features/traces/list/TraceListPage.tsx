"use client";
import { LIST_LIMITS } from "@signalbox/api/client";
import { ArrowUp } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { FilterBar } from "../../../components/ui/form/FilterBar.tsx";
import { useWidth } from "../../../components/ui/layout/useWidth.ts";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { DataTable } from "../../../components/ui/table/DataTable.tsx";
import { ListFooter } from "../../../components/ui/table/ListFooter.tsx";
import { usePreference } from "../../../preferences/usePreference.ts";
import { keysOf, useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { ViewMenu } from "../views/ViewMenu.tsx";
import { ColumnMenu } from "./columns/ColumnMenu.tsx";
import { longestOf, shownColumns } from "./columns/traceColumns.tsx";
import type { TraceRow } from "./columns/traceRow.ts";
import { EmptyTraceList } from "./empty/EmptyTraceList.tsx";
import { NoneSoFar } from "./empty/NoneSoFar.tsx";
import { PendingTraceList } from "./empty/PendingTraceList.tsx";
import { FacetPanel } from "./filters/FacetPanel.tsx";
import { activeFilters, NO_FILTERS } from "./filters/filterNames.ts";
import { listProblems } from "./filters/listProblems.ts";
import { TimeRangePicker } from "./filters/TimeRangePicker.tsx";
import { UnusableFilters } from "./filters/UnusableFilters.tsx";
import { ConnectionLost, LiveButton } from "./LiveButton.tsx";
import { SelectedTraces } from "./SelectedTraces.tsx";
import { TraceHistogram } from "./TraceHistogram.tsx";
import { useListParams } from "./useListParams.ts";
import { useTraceList } from "./useTraceList.ts";

/** The width in pixels from which filters are beside the list; in less they open over it, on demand. */
const FILTERS_BESIDE_FROM_PX = 900;

const NOTHING_SELECTED: ReadonlySet<string> = new Set();

/** The list of traces: filters, time range, columns and saved view in the URL, newest first, live. */
export function TraceListPage() {
  const router = useRouter();
  const state = useListParams();
  const { params, setParams } = state;
  const [isLive, setIsLive] = usePreference("isLive");
  const [clock] = usePreference("clock");
  const [showsFilters, setShowsFilters] = usePreference("showsFilters");
  const [isOverOpen, setOverOpen] = useState(false);
  const [isPointerOver, setPointerOver] = useState(false);
  const [isScrolled, setScrolled] = useState(false);
  const [isRangeOpen, setRangeOpen] = useState(false);
  const [isViewMenuOpen, setViewMenuOpen] = useState(false);
  const [selection, setSelection] = useState<{ project: string; keys: ReadonlySet<string> }>({ project: "", keys: NOTHING_SELECTED });
  const searchRef = useRef<HTMLInputElement>(null);
  const panelRef = useRef<HTMLElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);

  /** The selection belongs to one project and is dropped when another one is shown. */
  const selected = selection.project === params.project ? selection.keys : NOTHING_SELECTED;
  const select = (keys: ReadonlySet<string>): void => setSelection({ project: params.project, keys });
  const missing =
    state.missingView === null ? [] : [{ label: "View", why: "is not there: somebody may have deleted it", params: ["view"] }];
  const problems = [...missing, ...listProblems(state.search)];
  const isAsked = problems.length === 0 && !state.isPending;
  const list = useTraceList(params, { isAsked, isLive, mayMove: !isPointerOver && !isScrolled });
  const hrefOf = (row: TraceRow): string => state.hrefOfTrace(row.traceId);

  const isOver = width !== null && width < FILTERS_BESIDE_FROM_PX;
  const isPanelOpen = isOver ? isOverOpen : showsFilters;
  const setPanelOpen = isOver ? setOverOpen : setShowsFilters;
  /** Opens the filters and focuses them; from within them it closes them. */
  const goToFilters = (): void => {
    const isThere = isPanelOpen && panelRef.current?.contains(document.activeElement) === true;
    setPanelOpen(!isThere);
    if (isThere) return;
    requestAnimationFrame(() => {
      const panel = panelRef.current;
      (panel?.querySelector<HTMLElement>("[data-facet-value]") ?? panel?.querySelector<HTMLElement>("h3 button"))?.focus();
    });
  };

  useShortcuts({
    search: () => searchRef.current?.focus(),
    filters: goToFilters,
    views: () => setViewMenuOpen(true),
    timeRange: () => setRangeOpen(true),
    live: () => setIsLive(!isLive),
    ...(list.freshCount === 0 ? {} : { showNew: list.takeFresh }),
  });

  const chips = activeFilters(params)
    .filter(({ id }) => id !== "q")
    .map(({ id, label, text, drop }) => ({ id, label, text, clear: () => setParams(drop) }));
  const columns = shownColumns(params.columns, { hrefOf, project: params.project, longestNs: longestOf(list.rows), clock });
  const isEmpty = isAsked && !list.isPending && list.error === null && list.rows.length === 0;

  // The chart counts traces by their roots.
  const isAboutRootless = params.status.length === 1 && params.status[0] === "incomplete";
  const hasChart = isAsked && !isEmpty && list.error === null && !isAboutRootless;
  const uncharted = hasChart ? list.rows.filter(({ status }) => status === "incomplete").length : 0;

  return (
    <>
      <h1 className="sr-only">Traces</h1>
      <FilterBar
        lead={<ViewMenu state={state} isOpen={isViewMenuOpen} onOpenChange={setViewMenuOpen} />}
        searchRef={searchRef}
        searchLabel="Search names and messages"
        text={params.q ?? ""}
        textCharsMax={LIST_LIMITS.textCharsMax}
        onText={(text) => setParams({ q: text === "" ? null : text })}
        chips={chips}
        onClearAll={() => setParams(NO_FILTERS)}
        isPanelOpen={isPanelOpen}
        onPanelOpenChange={setPanelOpen}
      >
        <LiveButton isLive={isLive} isLost={list.isLost} onChange={setIsLive} />
        <TimeRangePicker range={params} onChange={setParams} isOpen={isRangeOpen} onOpenChange={setRangeOpen} />
        <ColumnMenu columns={params.columns} onChange={setParams} />
      </FilterBar>
      <div ref={frame} className="relative flex min-h-0 flex-1">
        {isPanelOpen && (
          <FacetPanel
            params={params}
            isAsked={isAsked}
            isLive={isLive}
            isOver={isOver}
            panelRef={panelRef}
            onChange={setParams}
            onClose={() => setPanelOpen(false)}
          />
        )}
        <div className="flex min-h-0 min-w-0 flex-1 flex-col">
          {list.isLost && <ConnectionLost />}
          {hasChart && <TraceHistogram params={params} isLive={isLive} onZoom={(from, to) => setParams({ from, to })} />}
          <div
            className="relative flex min-h-0 flex-1 flex-col"
            onPointerEnter={() => setPointerOver(true)}
            onPointerLeave={() => setPointerOver(false)}
            onScrollCapture={(event) => setScrolled(event.target instanceof Element && event.target.scrollTop > 0)}
          >
            {list.freshCount > 0 && <FreshPill count={list.freshCount} isMore={list.hasMoreFresh} onTake={list.takeFresh} />}
            {problems.length > 0 && (
              <UnusableFilters
                problems={problems}
                onClear={(dropped) => ("view" in dropped ? router.push(state.hrefOfView(null)) : setParams(dropped))}
              />
            )}
            {problems.length === 0 && list.isPending && <PendingTraceList onRetry={list.retry} />}
            {list.error !== null && <ErrorState failure={failureOf(list.error)} onRetry={list.retry} />}
            {isEmpty && (
              <div className="min-h-0 flex-1 overflow-y-auto">
                {list.searchedTo === null ? (
                  <EmptyTraceList params={params} onChange={setParams} />
                ) : (
                  <NoneSoFar searchedTo={list.searchedTo} isLoading={list.isLoadingOlder} onOlder={list.loadOlder} />
                )}
              </div>
            )}
            {list.rows.length > 0 && list.error === null && (
              <DataTable
                label="Traces"
                columns={columns}
                rows={list.rows}
                rowKey={(row) => row.traceId}
                onOpen={(row) => router.push(hrefOf(row))}
                selection={{ keys: selected, onChange: select, nameOf: ({ name }) => name }}
                footer={
                  <ListFooter
                    pages={{ hasNextPage: list.hasOlder, isFetchingNextPage: list.isLoadingOlder, fetchNextPage: list.loadOlder }}
                  >
                    {list.rows.length} {list.rows.length === 1 ? "trace" : "traces"}
                    {list.hasOlder ? " so far" : ", all of this time"}
                    {uncharted > 0 && `; ${uncharted} without a root ${uncharted === 1 ? "is" : "are"} not in the chart`}
                  </ListFooter>
                }
              />
            )}
          </div>
          {selected.size > 0 && (
            <SelectedTraces project={params.project} traceIds={[...selected]} onClear={() => select(NOTHING_SELECTED)} />
          )}
        </div>
      </div>
    </>
  );
}

function FreshPill({ count, isMore, onTake }: { count: number; isMore: boolean; onTake: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-10 z-20 flex justify-center" role="status">
      <Button
        tone="primary"
        className="pointer-events-auto rounded-full px-3.5 shadow-pop"
        onClick={onTake}
        aria-keyshortcuts={keysOf("showNew")}
      >
        <ArrowUp className="size-3.5" aria-hidden />
        {isMore ? `${count}+` : count} new
      </Button>
    </div>
  );
}
