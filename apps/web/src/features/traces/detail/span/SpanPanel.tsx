"use client";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Badge } from "../../../../components/ui/badge/Badge.tsx";
import { StatusMark } from "../../../../components/ui/badge/StatusMark.tsx";
import { Tabs } from "../../../../components/ui/layout/Tabs.tsx";
import { ErrorState } from "../../../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../../../components/ui/state/Skeleton.tsx";
import { CopyableId } from "../../../../components/ui/text/CopyableId.tsx";
import { CopyButton } from "../../../../components/ui/text/CopyButton.tsx";
import { JsonView } from "../../../../components/ui/text/JsonView.tsx";
import { amountMark, formatCost, formatToldCount } from "../../../../format/amounts.ts";
import { formatDuration } from "../../../../format/duration.ts";
import { useProject } from "../../../../project/useProject.ts";
import { failureOf } from "../../../../trpc/failureOf.ts";
import { useTRPC } from "../../../../trpc/TrpcProvider.tsx";
import { ScoreChip } from "../../list/filters/ScoreChip.tsx";
import type { PanelTab } from "../traceParams.ts";
import { SpanKindIcon } from "../tree/SpanKindIcon.tsx";
import { SPAN_KINDS } from "../tree/spanKinds.ts";
import type { SpanNode } from "../tree/traceTree.ts";
import { SpanAttributes } from "./SpanAttributes.tsx";
import { SpanEvents } from "./SpanEvents.tsx";
import { SpanMessages } from "./SpanMessages.tsx";

type Score = Parameters<typeof ScoreChip>[0]["score"];

/** Everything about the selected span. The tree's data is shown at once, the bodies when they are loaded. */
export function SpanPanel({
  traceId,
  node,
  scores,
  tab,
  onTab,
}: {
  traceId: string;
  node: SpanNode;
  scores: readonly Score[];
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
}) {
  const trpc = useTRPC();
  const project = useProject();
  const { spanId } = node.span;
  const whole = useQuery(trpc.traces.span.queryOptions({ project, traceId, spanId }, { staleTime: 60_000 }));
  const span = whole.data;

  const panel = (render: (loaded: NonNullable<typeof span>) => ReactNode): ReactNode => {
    if (whole.isError) return <ErrorState failure={failureOf(whole.error)} onRetry={() => void whole.refetch()} />;
    return span === undefined ? <PanelSkeleton /> : render(span);
  };
  const eventCount = span === undefined ? 0 : span.events.length + span.links.length;
  return (
    <section aria-label="Selected span" className="flex min-h-0 flex-1 flex-col bg-surface">
      <SpanHead node={node} scores={scores} />
      <Tabs
        label="Parts of the span"
        value={tab}
        onChange={onTab}
        panelClassName="overflow-y-auto"
        tabs={[
          { value: "messages", label: "Messages", panel: panel((loaded) => <SpanMessages key={spanId} span={loaded} />) },
          { value: "attributes", label: "Attributes", panel: panel((loaded) => <SpanAttributes key={spanId} span={loaded} />) },
          {
            value: "events",
            label: (
              <>
                Events
                {eventCount > 0 && <Badge className="h-4 px-1">{eventCount}</Badge>}
              </>
            ),
            panel: panel((loaded) => <SpanEvents span={loaded} />),
          },
          {
            value: "raw",
            label: "Raw",
            panel: panel((loaded) => (
              <div className="relative p-4">
                <CopyButton text={() => JSON.stringify(loaded, null, 2)} label="span as JSON" className="absolute top-2 right-2" />
                <JsonView value={loaded} linesMax={400} />
              </div>
            )),
          },
        ]}
      />
    </section>
  );
}

function SpanHead({ node, scores }: { node: SpanNode; scores: readonly Score[] }) {
  const { span } = node;
  const estimate = (isEstimate: boolean) => amountMark({ isEstimate, isPartial: false });
  return (
    <header className="flex shrink-0 flex-col gap-1.5 border-b border-line px-4 pt-3 pb-2.5">
      <div className="flex min-w-0 items-center gap-2">
        <SpanKindIcon kind={span.kind} className="size-4" />
        <h2 className="min-w-0 truncate text-md font-semibold" title={span.name}>
          {span.name}
        </h2>
        <span className="ml-auto shrink-0">
          <CopyableId id={span.spanId} label="span id" />
        </span>
      </div>
      <dl className="flex flex-wrap items-center gap-x-4 gap-y-0.5 text-sm text-muted tabular-nums">
        <Fact label="Status">
          <StatusMark status={span.status} />
        </Fact>
        <Fact label="Kind">{SPAN_KINDS[span.kind].label}</Fact>
        <Fact label="Duration">{formatDuration(node.durationNs)}</Fact>
        {node.startNs > 0 && <Fact label="Began">after {formatDuration(node.startNs)}</Fact>}
        {span.model !== null && <Fact label="Model">{span.model}</Fact>}
        {(span.inputTokens !== null || span.outputTokens !== null) && (
          <Fact label="Tokens" {...titled(estimate(span.usageIsEstimate).why)}>
            {estimate(span.usageIsEstimate).mark}
            {formatToldCount(span.inputTokens)} in, {formatToldCount(span.outputTokens)} out
          </Fact>
        )}
        {span.costUsd !== null && (
          <Fact label="Cost" {...titled(estimate(span.costIsEstimate).why)}>
            {estimate(span.costIsEstimate).mark}
            {formatCost(span.costUsd)}
          </Fact>
        )}
      </dl>
      {scores.length > 0 && (
        <div className="flex flex-wrap gap-1">
          {scores.map((score) => (
            <ScoreChip key={`${score.name} ${score.scorer} ${score.feedback?.id}`} score={score} />
          ))}
        </div>
      )}
      {span.statusMessage !== "" && (
        <p className="rounded-md bg-danger-soft px-2.5 py-1.5 text-sm text-danger [overflow-wrap:anywhere]">{span.statusMessage}</p>
      )}
    </header>
  );
}

const titled = (title: string | null): { title?: string } => (title === null ? {} : { title });

function Fact({ label, title, children }: { label: string; title?: string; children: ReactNode }) {
  return (
    <div className="flex items-center" title={title}>
      <dt className="sr-only">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function PanelSkeleton() {
  return (
    <div role="status" aria-label="Loading the span" className="flex flex-col gap-3 p-4">
      <Skeleton className="w-24" />
      <Skeleton className="w-full" />
      <Skeleton className="w-4/5" />
      <Skeleton className="mt-3 w-24" />
      <Skeleton className="w-3/5" />
    </div>
  );
}
