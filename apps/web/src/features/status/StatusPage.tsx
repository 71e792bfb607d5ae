"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { type Word, WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { useProject } from "../../project/useProject.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { QueuePauses } from "../queue/index.ts";

const POLL_MS = 2_000;
const NS_PER_MS = 1e6;

type PartState = RouterOutputs["status"]["parts"][number];
type Stored = RouterOutputs["status"]["stored"];

const STATES: Record<PartState["state"], Word> = {
  ready: { label: "Ready", tone: "clear" },
  starting: { label: "Not ready yet", tone: "caution" },
  down: { label: "Does not answer", tone: "danger" },
};

/** The health of every part, what is stored, and what could not be stored. */
export function StatusPage() {
  const trpc = useTRPC();
  const project = useProject();
  const parts = useQuery(trpc.status.parts.queryOptions(undefined, { refetchInterval: POLL_MS }));
  const stored = useQuery(trpc.status.stored.queryOptions({ project }, { refetchInterval: POLL_MS }));
  return (
    <>
      <ScreenBar title="Status" about="Whether every part works, what is stored, and what could not be." />
      <ScreenBody label="State of the parts and stores">
        <Panel title="Parts">
          {parts.isError ? (
            <ErrorState failure={failureOf(parts.error)} onRetry={() => void parts.refetch()} />
          ) : (
            <Parts parts={parts.data} />
          )}
        </Panel>
        <Panel title="Queue">
          <QueuePauses project={project} />
        </Panel>
        <Panel title="Stored">
          {stored.isError ? (
            <ErrorState failure={failureOf(stored.error)} onRetry={() => void stored.refetch()} />
          ) : (
            <Counts stored={stored.data} />
          )}
        </Panel>
        {stored.data !== undefined && (
          <Panel title="Received, but not storable">
            <Rejections rejections={stored.data.rejections} />
          </Panel>
        )}
      </ScreenBody>
    </>
  );
}

/** A part's response time, in whole milliseconds. */
function answerText(ms: number | null): string {
  if (ms === null) return "–";
  return Math.round(ms) === 0 ? "<1 ms" : formatDuration(Math.round(ms) * NS_PER_MS);
}

function Parts({ parts }: { parts: readonly PartState[] | undefined }) {
  if (parts === undefined) return <Skeleton className="m-4 w-64" />;
  return (
    <ul>
      {parts.map((part) => {
        return (
          <li key={part.name} className="flex min-h-9 flex-wrap items-center gap-x-4 border-b border-line px-4 py-1 last:border-0">
            <span className="w-32 font-medium first-letter:uppercase">{part.name}</span>
            <WordBadge word={STATES[part.state]} />
            <span className="ml-auto font-mono text-sm text-muted max-sm:order-last max-sm:ml-0 max-sm:basis-full">{part.address}</span>
            <span className="w-20 text-right max-sm:ml-auto max-sm:w-auto text-sm text-faint tabular-nums">
              {answerText(part.answeredInMs)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const COUNTS = [
  { of: "spans", label: "Spans" },
  { of: "traces", label: "Traces with a root" },
  { of: "decisions", label: "Decisions" },
  { of: "scores", label: "Scores" },
  { of: "logs", label: "Log records" },
  { of: "rejected", label: "Not storable" },
] as const;

function Counts({ stored }: { stored: Stored | undefined }) {
  return (
    <dl className="grid grid-cols-2 gap-px bg-line sm:grid-cols-3">
      {COUNTS.map(({ of, label }) => (
        <div key={of} className="bg-surface px-4 py-3">
          <dt className="text-sm text-muted">{label}</dt>
          <dd className="mt-0.5 text-xl font-semibold tabular-nums">
            {stored === undefined ? <Skeleton className="my-2 w-16" /> : formatCount(stored.counts[of])}
          </dd>
        </div>
      ))}
      {stored?.newestSpan != null && (
        <div className="col-span-full bg-surface px-4 py-2 text-sm text-muted">
          <dt className="inline">The newest span began </dt>
          <dd className="inline">
            <TimeText unixNano={stored.newestSpan} withDate />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Rejections({ rejections }: { rejections: Stored["rejections"] }) {
  if (rejections.length === 0) return <p className="px-4 py-3 text-muted">Nothing: everything that was acknowledged is stored.</p>;
  return (
    <ul>
      {rejections.map(({ source, reason, records }) => (
        <li key={`${source} ${reason}`} className="flex min-h-9 items-center gap-4 border-b border-line px-4 py-1.5 last:border-0">
          <span className="w-16 shrink-0 text-right font-medium tabular-nums">{formatCount(records)}</span>
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{reason}</span>
          <span className="shrink-0 text-sm text-faint">{source}</span>
        </li>
      ))}
    </ul>
  );
}
