"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useMemo, useRef } from "react";
import { Splitter } from "../../../components/ui/layout/Splitter.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { nanosBetween } from "../../../format/duration.ts";
import { usePreference } from "../../../preferences/usePreference.ts";
import { useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { listInputOf } from "../list/listParams.ts";
import { useListParams } from "../list/useListParams.ts";
import { ConversationView } from "./conversation/ConversationView.tsx";
import { DecisionLog } from "./decisions/DecisionLog.tsx";
import { DecisionLogFailure } from "./decisions/DecisionLogFailure.tsx";
import { pollMsOf } from "./pollMsOf.ts";
import { SpanPanel } from "./span/SpanPanel.tsx";
import { TraceHeader } from "./TraceHeader.tsx";
import { TraceToolbar } from "./TraceToolbar.tsx";
import { TRACE_PARAMS, type TraceView } from "./traceParams.ts";
import { SpanTree } from "./tree/SpanTree.tsx";
import { buildTree } from "./tree/traceTree.ts";
import { useOutlineChange } from "./tree/useOutlineChange.ts";
import { useSpanSelection } from "./tree/useSpanSelection.ts";

type Trace = RouterOutputs["traces"]["get"];

/** The width in pixels below which the two panes are stacked. */
const STACK_BELOW_PX = 700;

/** A trace on screen: three views and the decision log share one selection, which the URL holds. */
export function TraceScreen({ trace }: { trace: Trace }) {
  const { summary, spans } = trace;
  const { traceId } = summary;
  const trpc = useTRPC();
  const router = useRouter();
  const list = useListParams("listView");
  const { project } = list.params;
  const [{ span: spanParam, view, tab }, setParams] = useQueryStates(TRACE_PARAMS);
  const [panelPercent, setPanelPercent] = usePreference("spanPanelPercent");
  const [decisionsPercent, setDecisionsPercent] = usePreference("decisionsPercent");
  const [showsDecisions, setShowsDecisions] = usePreference("showsDecisions");
  const searchRef = useRef<HTMLInputElement>(null);

  const tree = useMemo(() => buildTree(spans), [spans]);
  const chosenId = spanParam !== null && tree.byId.has(spanParam) ? spanParam : null;
  const selectedId = chosenId ?? tree.order[0]?.span.spanId ?? null;
  const select = (spanId: string): void => void setParams({ span: spanId });
  const selection = useSpanSelection(tree, selectedId, select);

  const isConversation = view === "conversation";
  const conversation = useQuery(
    trpc.traces.conversation.queryOptions({ project, traceId }, { enabled: isConversation, staleTime: 10_000 }),
  );
  // Decisions travel separately, so they may arrive after the last span.
  const refetchInterval = (): number | false => pollMsOf(trace, Date.now());
  const decisions = useQuery(trpc.decisions.byTrace.queryOptions({ project, traceId }, { refetchInterval }));
  useOutlineChange(spans);
  const { startTimeUnixNano } = summary;
  const neighbours = useQuery(
    trpc.traces.neighbours.queryOptions(
      { ...listInputOf(list.params), key: { traceId, startTimeUnixNano } },
      { staleTime: 30_000, enabled: !list.isPending },
    ),
  );

  const hrefOf = (id: string | null | undefined): string | null =>
    id === null || id === undefined ? null : viewLink(list.hrefOfTrace(id), view);
  const { listHref } = list;
  const [newerHref, olderHref] = [hrefOf(neighbours.data?.newer), hrefOf(neighbours.data?.older)];
  const setView = (next: TraceView): void => void setParams({ view: next });

  const entries = conversation.data?.entries ?? [];
  const moveInConversation = (by: 1 | -1): void => {
    const ids = [...new Set(entries.map((entry) => entry.spanId))];
    const at = chosenId === null ? -1 : ids.indexOf(chosenId);
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + by))];
    if (next !== undefined) select(next);
  };
  const move = isConversation ? moveInConversation : selection.move;
  const decisionCount = decisions.data?.tasks.reduce((count, task) => count + task.decisions.length, 0) ?? 0;

  useShortcuts({
    next: () => move(1),
    previous: () => move(-1),
    viewTree: () => setView("tree"),
    viewWaterfall: () => setView("waterfall"),
    viewConversation: () => setView("conversation"),
    expandAll: selection.expandAll,
    collapseAll: selection.collapseAll,
    errorsOnly: () => selection.setErrorsOnly(!selection.errorsOnly),
    search: () => searchRef.current?.focus(),
    close: () => router.push(listHref),
    ...(decisionCount === 0 ? {} : { decisions: () => setShowsDecisions(!showsDecisions) }),
    ...(olderHref === null ? {} : { olderTrace: () => router.push(olderHref) }),
    ...(newerHref === null ? {} : { newerTrace: () => router.push(newerHref) }),
  });

  const views = (
    <>
      <TraceToolbar
        view={view}
        onView={setView}
        searchRef={searchRef}
        text={selection.text}
        onText={selection.setText}
        matchCount={selection.matches.length}
        matchIndex={selection.matchIndex}
        onNextMatch={selection.nextMatch}
        errorsOnly={selection.errorsOnly}
        onErrorsOnly={selection.setErrorsOnly}
        onExpandAll={selection.expandAll}
        onCollapseAll={selection.collapseAll}
        decisions={decisionCount === 0 ? null : { count: decisionCount, isShown: showsDecisions, onShow: setShowsDecisions }}
      />
      {trace.isTruncated && (
        <p className="border-b border-line bg-caution-soft px-4 py-1.5 text-sm text-caution">
          This trace has more spans than are shown: these are the first {spans.length}.
        </p>
      )}
      {isConversation && conversation.isError && conversation.data === undefined && (
        <ErrorState failure={failureOf(conversation.error)} onRetry={() => void conversation.refetch()} />
      )}
      {isConversation && conversation.isPending && <ConversationSkeleton />}
      {isConversation && conversation.data !== undefined && (
        <ConversationView
          entries={entries}
          isTruncated={conversation.data.isTruncated}
          traceStart={startTimeUnixNano}
          selectedId={chosenId}
          onSelect={selection.reveal}
        />
      )}
      {view !== "conversation" && (
        <SpanTree
          tree={tree}
          rows={selection.rows}
          view={view}
          selectedId={selectedId}
          onSelect={select}
          collapsed={selection.collapsed}
          onToggle={selection.toggle}
          matches={selection.matchSet}
        />
      )}
      {decisions.isError && <DecisionLogFailure failure={failureOf(decisions.error)} onRetry={() => void decisions.refetch()} />}
    </>
  );
  const node = selectedId === null ? undefined : tree.byId.get(selectedId);
  const isDecisionLogShown = showsDecisions && decisionCount > 0 && decisions.data !== undefined;

  return (
    <>
      <TraceHeader
        trace={trace}
        project={project}
        durationNs={nanosBetween(startTimeUnixNano, summary.endTimeUnixNano)}
        listHref={listHref}
        newerHref={newerHref}
        olderHref={olderHref}
      />
      <Splitter
        direction="columns"
        label="Width of the views"
        stackBelowPx={STACK_BELOW_PX}
        percent={panelPercent}
        onChange={setPanelPercent}
        first={
          <Splitter
            direction="rows"
            label="Height of the views"
            percent={decisionsPercent}
            onChange={setDecisionsPercent}
            first={views}
            second={
              isDecisionLogShown ? (
                <DecisionLog
                  tasks={decisions.data.tasks}
                  isTruncated={decisions.data.isTruncated}
                  traceStart={startTimeUnixNano}
                  selectedId={selectedId}
                  onSelect={selection.reveal}
                />
              ) : null
            }
          />
        }
        second={
          node !== undefined && (
            <SpanPanel
              traceId={traceId}
              node={node}
              scores={trace.scores.filter((score) => score.spanId === node.span.spanId)}
              tab={tab}
              onTab={(next) => void setParams({ tab: next })}
            />
          )
        }
      />
    </>
  );
}

/** A link to a neighbour that keeps the current view. */
function viewLink(href: string, view: TraceView): string {
  if (view === "waterfall") return href;
  return `${href}${href.includes("?") ? "&" : "?"}view=${view}`;
}

function ConversationSkeleton() {
  return (
    <div role="status" aria-label="Loading the conversation" className="flex flex-1 flex-col gap-4 bg-surface p-4">
      <Skeleton className="w-1/3" />
      <Skeleton className="w-2/3" />
      <Skeleton className="w-1/2" />
    </div>
  );
}
