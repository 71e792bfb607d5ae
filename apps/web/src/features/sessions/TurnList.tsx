import type { RouterOutputs } from "@signalbox/api/client";
import { ArrowUpRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { StatusMark } from "../../components/ui/badge/StatusMark.tsx";
import { classNames } from "../../components/ui/classNames.ts";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { ClampedText } from "../../components/ui/text/ClampedText.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatDuration, nanosBetween } from "../../format/duration.ts";
import { projectLink } from "../../project/projectParam.ts";
import { CostAmount, ScoreSummary, Tokens } from "../traces/index.ts";

type Turn = RouterOutputs["sessions"]["turns"]["turns"][number];

const LINES_MAX = 14;

/** The turns of a conversation in order, each a trace: question, answer, and usage. */
export function TurnList({ turns, project, footer }: { turns: readonly Turn[] | undefined; project: string; footer: ReactNode }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-canvas">
      <div className="w-full max-w-5xl px-4 py-4">
        {turns === undefined ? (
          <div role="status" aria-label="Loading the turns" className="flex flex-col gap-4">
            <Skeleton className="w-1/3" />
            <Skeleton className="w-2/3" />
            <Skeleton className="w-1/2" />
          </div>
        ) : (
          <ol aria-label="Turns" className="flex flex-col gap-3">
            {turns.map((turn, index) => (
              <li key={turn.traceId}>
                <TurnCard turn={turn} place={index + 1} href={projectLink(`/traces/${turn.traceId}`, { project })} />
              </li>
            ))}
          </ol>
        )}
        <div className="flex justify-center pt-4">{footer}</div>
      </div>
    </div>
  );
}

function TurnCard({ turn, place, href }: { turn: Turn; place: number; href: string }) {
  return (
    <article
      aria-label={`Turn ${place}`}
      className={classNames("overflow-hidden rounded-lg border border-line bg-surface", turn.status === "error" && "border-danger-mark/60")}
    >
      <header className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-0.5 border-b border-line bg-raised px-3 py-1 text-sm">
        <span className="w-6 text-faint tabular-nums">{place}</span>
        <StatusMark status={turn.status} hideLabel={turn.status === "ok"} />
        <Link
          href={href}
          className="inline-flex min-w-0 max-w-80 items-center gap-1 font-medium hover:underline"
          title={`${turn.name}\nOpen the trace`}
        >
          <span className="truncate">{turn.name}</span>
          <ArrowUpRight className="size-3.5 shrink-0 text-faint" aria-hidden />
        </Link>
        <span className="ml-auto flex flex-wrap items-center gap-x-4 text-muted tabular-nums">
          {turn.scores.length > 0 && <ScoreSummary scores={turn.scores} />}
          <span title="Duration">{formatDuration(nanosBetween(turn.startTimeUnixNano, turn.endTimeUnixNano))}</span>
          <Tokens input={turn.inputTokens} output={turn.outputTokens} isEstimate={turn.usageIsEstimate} />
          <span title="Cost">
            <CostAmount sums={turn} />
          </span>
          <TimeText unixNano={turn.startTimeUnixNano} />
        </span>
      </header>
      <div className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-3 gap-y-2.5 px-3 py-2.5">
        <Said who="Asked" className="text-accent" said={turn.asked} nothing="No span of this trace tells what was asked" />
        <Said who="Answered" className="text-kind-agent" said={turn.answered} nothing="No span of this trace tells what was answered" />
        {turn.statusMessage !== "" && turn.status === "error" && (
          <>
            <span className="text-sm font-semibold text-danger">Failed</span>
            <ClampedText text={turn.statusMessage} linesMax={LINES_MAX}>
              {(shown) => <p className="whitespace-pre-wrap text-danger [overflow-wrap:anywhere]">{shown}</p>}
            </ClampedText>
          </>
        )}
      </div>
    </article>
  );
}

function Said({ who, className, said, nothing }: { who: string; className: string; said: Turn["asked"]; nothing: string }) {
  return (
    <>
      <span className={classNames("text-sm font-semibold", className)}>{who}</span>
      {said === null ? (
        <p className="text-faint">{nothing}</p>
      ) : (
        <div className="min-w-0">
          <ClampedText text={said.text} linesMax={LINES_MAX}>
            {(shown) => <p className="max-w-[75ch] whitespace-pre-wrap [overflow-wrap:anywhere]">{shown}</p>}
          </ClampedText>
          {said.isCut && <p className="text-sm text-faint">This is its beginning: the trace has all of it.</p>}
        </div>
      )}
    </>
  );
}
