"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "../../../components/ui/badge/Badge.tsx";
import { buttonStyle } from "../../../components/ui/form/Button.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { formatScore } from "../../../format/scores.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { tryTraceLink } from "../evalLinks.ts";
import { valueText } from "../valueText.ts";

export type TryRow = RouterOutputs["evalRuns"]["tries"]["tries"][number];

/** A titled part of an item. */
export function Part({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1">
      <h3 className="text-xs font-medium text-faint">{title}</h3>
      {children}
    </section>
  );
}

/** A text of any length, unformatted. */
export function PlainText({ text }: { text: string }) {
  return text === "" ? (
    <p className="text-sm text-faint">nothing</p>
  ) : (
    <p className="whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">{text}</p>
  );
}

/** Each scorer's result for a try, with its explanation. */
export function TryScores({ scores }: { scores: TryRow["scores"] }) {
  return (
    <ul className="flex flex-col gap-1">
      {scores.map(({ name, value, passed, explanation, isFailure }) => (
        <li key={name} className="flex min-w-0 items-baseline gap-2 text-sm">
          <Badge tone={passed === null ? "plain" : passed ? "clear" : "danger"}>
            {name} {isFailure ? "–" : formatScore(value)}
          </Badge>
          <span className="min-w-0 text-muted [overflow-wrap:anywhere]">{explanation}</span>
        </li>
      ))}
    </ul>
  );
}

/** The labels on a try's trace, which have no number; renders nothing where there is none. */
function TryLabels({ traceId, project }: { traceId: string; project: string }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.scores.labels.queryOptions({ project, traceId }));
  if (data === undefined || data.length === 0) return null;
  return (
    <ul aria-label="Labels" className="flex flex-col gap-1">
      {data.map(({ spanId, name, scorer, label, explanation, feedback }) => (
        <li key={`${spanId} ${name} ${scorer} ${feedback?.id}`} className="flex min-w-0 items-baseline gap-2 text-sm">
          <Badge title={`by ${scorer}`}>
            {name} {label}
          </Badge>
          <span className="min-w-0 text-muted [overflow-wrap:anywhere]">{explanation}</span>
        </li>
      ))}
    </ul>
  );
}

/** The way to the trace of a try; nothing where there is none. */
export function TraceLink({ traceId, project, label }: { traceId: string | null; project: string; label: string }) {
  if (traceId === null) return null;
  return (
    <Link href={tryTraceLink(traceId, project)} className={buttonStyle({ size: "small" })}>
      {label}
    </Link>
  );
}

/** One try: question, expected answer, given answer, and the scorers' results. */
export function TryDialog({ shown, project, onClose }: { shown: TryRow | null; project: string; onClose: () => void }) {
  return (
    <Dialog open={shown !== null} onOpenChange={(open) => !open && onClose()} title={`Item ${shown?.itemId ?? ""}`} className="max-w-3xl">
      {shown !== null && (
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-4 py-3">
          <TraceLink traceId={shown.traceId} project={project} label="Open its trace" />
          <TryScores scores={shown.scores} />
          {shown.traceId !== null && <TryLabels traceId={shown.traceId} project={project} />}
          <Part title="Asked">
            <PlainText text={valueText(shown.input)} />
          </Part>
          <Part title="Expected">
            <PlainText text={valueText(shown.expected)} />
          </Part>
          <Part title={shown.error === null ? "Answered" : "Failed"}>
            <PlainText text={shown.error ?? valueText(shown.output)} />
          </Part>
        </div>
      )}
    </Dialog>
  );
}
