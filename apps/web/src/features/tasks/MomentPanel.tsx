import { ListTree } from "lucide-react";
import Link from "next/link";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { CopyButton } from "../../components/ui/text/CopyButton.tsx";
import { JsonView } from "../../components/ui/text/JsonView.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCost, formatCount, formatShare } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { unixNanoOf } from "../../format/time.ts";
import { momentText } from "./momentText.ts";
import type { Moment } from "./timeline.ts";

const NS_PER_MS = 1e6;
const DETAIL_LINES_MAX = 16;

type Decision = Moment["decisions"][number];

/** The decisions of the moment: who, when, why, and the place in the chain. `spanHref` leads to the span in the trace. */
export function MomentPanel({ moment, spanHref }: { moment: Moment; spanHref: string }) {
  const { decisions, step } = moment;
  return (
    <Panel
      title={decisions.length === 1 ? "The decision" : decisions.length === 0 ? "No decision" : `${decisions.length} decisions`}
      aside={
        <Link href={spanHref} className="inline-flex items-center gap-1 text-sm text-accent hover:underline">
          <ListTree className="size-3.5" aria-hidden />
          Its span
        </Link>
      }
      className="shrink-0"
    >
      {step !== null && <StepFacts step={step} />}
      {decisions.length === 0 && (
        <p className="px-4 py-3 text-sm text-muted">{momentText(moment)}. What led to it was decided before; nothing was decided here.</p>
      )}
      <ol className="divide-y divide-line/60">
        {decisions.map((decision) => (
          <DecisionEntry key={decision.seq} decision={decision} />
        ))}
      </ol>
    </Panel>
  );
}

function StepFacts({ step: { number, durationMs, modelUse } }: { step: NonNullable<Moment["step"]> }) {
  const costUsd = modelUse?.call?.costUsd ?? null;
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-0.5 border-b border-line/60 px-4 py-1.5 text-xs text-muted tabular-nums">
      <span>Step {number}</span>
      <span>{formatDuration(durationMs * NS_PER_MS)}</span>
      {modelUse !== null && (
        <>
          <span className="min-w-0 font-mono [overflow-wrap:anywhere]">{modelUse.model}</span>
          <span>
            {formatCount(modelUse.inputTokens)} tokens in, {formatCount(modelUse.outputTokens)} out
          </span>
        </>
      )}
      {costUsd !== null && <span>{formatCost(costUsd)}</span>}
    </p>
  );
}

function DecisionEntry({
  decision: { seq, kind, chosen, reason, confidence, actor, attempt, time, detail, hash, prevHash },
}: {
  decision: Decision;
}) {
  return (
    <li className="flex flex-col gap-1.5 px-4 py-3">
      <div className="flex min-w-0 items-baseline gap-2">
        <span className="text-xs text-faint tabular-nums">{seq}</span>
        <Badge>{kind.replaceAll("_", " ")}</Badge>
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{chosen}</span>
      </div>
      {reason !== "" && <p className="text-sm text-muted [overflow-wrap:anywhere]">{reason}</p>}
      <dl className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-2 gap-y-0.5 text-xs leading-5">
        <dt className="text-faint">Who</dt>
        <dd className="[overflow-wrap:anywhere]">
          {actor.service} <span className="font-mono">{actor.version}</span>, attempt {attempt}
        </dd>
        <dt className="text-faint">When</dt>
        <dd>
          <TimeText unixNano={unixNanoOf(time)} withDate />
        </dd>
        {confidence !== null && (
          <>
            <dt className="text-faint">Confidence</dt>
            <dd className="tabular-nums">{formatShare(confidence)}</dd>
          </>
        )}
        <Hash label="Hash" hash={hash} />
        <Hash label="After" hash={prevHash} />
      </dl>
      {Object.keys(detail).length > 0 && (
        <div className="rounded-md bg-sunken px-2.5 py-1.5">
          <JsonView value={detail} linesMax={DETAIL_LINES_MAX} />
        </div>
      )}
    </li>
  );
}

function Hash({ label, hash }: { label: string; hash: string }) {
  return (
    <>
      <dt className="text-faint">{label}</dt>
      <dd className="flex min-w-0 items-center">
        <span className="truncate font-mono" title={`SHA-256 ${hash}`}>
          {hash}
        </span>
        <CopyButton text={hash} label={`${label.toLowerCase()} of the decision`} />
      </dd>
    </>
  );
}
