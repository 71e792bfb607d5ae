import type { RouterOutputs } from "@signalbox/api/client";
import { ArrowLeft, ChevronDown, ChevronUp } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Badge } from "../../../components/ui/badge/Badge.tsx";
import { StatusMark } from "../../../components/ui/badge/StatusMark.tsx";
import { Button, buttonStyle } from "../../../components/ui/form/Button.tsx";
import { CopyableId } from "../../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../../components/ui/text/Facts.tsx";
import { MiddleCut } from "../../../components/ui/text/MiddleCut.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { formatDuration } from "../../../format/duration.ts";
import { sessionLink, userLink } from "../../../project/ownerLink.ts";
import { keysOf } from "../../../shortcuts/index.ts";
import { KeepTrace } from "../../datasetItem/index.ts";
import { ScoringWord, TraceThumb } from "../../traceScores/index.ts";
import { CostAmount, Tokens } from "../list/columns/Amount.tsx";
import { ScoreChip } from "../list/filters/ScoreChip.tsx";

type Trace = RouterOutputs["traces"]["get"];

/** A trace's identity and totals, with links to the list and to its neighbours in it. */
export function TraceHeader({
  trace,
  project,
  durationNs,
  listHref,
  newerHref,
  olderHref,
}: {
  trace: Trace;
  project: string;
  durationNs: number;
  listHref: string;
  newerHref: string | null;
  olderHref: string | null;
}) {
  const { summary } = trace;
  const scores = trace.scores.filter((score) => score.spanId === null);
  return (
    <header className="shrink-0 border-b border-line bg-surface px-4 pt-2 pb-2.5">
      <div className="flex min-w-0 flex-wrap items-center gap-x-2">
        <Link
          href={listHref}
          aria-label="Back to traces"
          title="Back to traces (Esc)"
          className={buttonStyle({ tone: "quiet", size: "icon", className: "-ml-1.5" })}
        >
          <ArrowLeft className="size-4" aria-hidden />
        </Link>
        <h1 className="min-w-0 truncate text-lg font-semibold tracking-tight max-lg:flex-1 lg:max-w-1/2" title={summary.name}>
          {summary.name}
        </h1>
        <span className="flex min-w-0 items-center gap-x-2 gap-y-1 overflow-hidden max-lg:order-last max-lg:basis-full max-lg:flex-wrap max-lg:pb-1 md:max-lg:pl-7.5">
          <span className="shrink-0 text-sm">
            <StatusMark status={summary.status} />
          </span>
          {summary.errors > 0 && (
            <Badge tone="danger" className="shrink-0">
              {formatCount(summary.errors)} {summary.errors === 1 ? "span failed" : "spans failed"}
            </Badge>
          )}
          {scores.map((score) => (
            <ScoreChip key={`${score.name} ${score.scorer} ${score.feedback?.id}`} score={score} />
          ))}
          <ScoringWord project={project} traceId={summary.traceId} />
        </span>
        <span className="ml-auto flex shrink-0 items-center gap-1 max-sm:order-last max-sm:ml-0 max-sm:basis-full">
          <span className="max-sm:hidden">
            <CopyableId id={summary.traceId} label="trace id" />
          </span>
          <TraceThumb project={project} traceId={summary.traceId} scores={trace.scores} />
          <KeepTrace project={project} traceId={summary.traceId} />
          <Neighbour
            href={newerHref}
            label={`Previous trace, newer (${keysOf("newerTrace")})`}
            icon={<ChevronUp className="size-4" aria-hidden />}
          />
          <Neighbour
            href={olderHref}
            label={`Next trace, older (${keysOf("olderTrace")})`}
            icon={<ChevronDown className="size-4" aria-hidden />}
          />
        </span>
      </div>
      <div className="mt-1 md:pl-7.5">
        <Facts>
          <Fact label="Started">
            <TimeText unixNano={summary.startTimeUnixNano} withDate />
          </Fact>
          <Fact label="Duration">{formatDuration(durationNs)}</Fact>
          <Fact label="Spans">{formatCount(summary.spans)}</Fact>
          {summary.models.length > 0 && <Fact label={summary.models.length === 1 ? "Model" : "Models"}>{summary.models.join(", ")}</Fact>}
          <Fact label="Tokens">
            <Tokens input={summary.inputTokens} output={summary.outputTokens} isEstimate={summary.usageIsEstimate} />
          </Fact>
          <Fact label="Cost">
            <CostAmount sums={summary} />
          </Fact>
          {summary.session !== null && (
            <Fact label="Session">
              <OwnerLink id={summary.session} href={sessionLink(summary.session, project)} what="session" />
            </Fact>
          )}
          {summary.user !== null && (
            <Fact label="User">
              <OwnerLink id={summary.user} href={userLink(summary.user, project)} what="user" />
            </Fact>
          )}
          <Fact label="Service">
            <span className="block max-w-96 truncate" title={summary.service}>
              {summary.service}
            </span>
          </Fact>
          {summary.tags.length > 0 && (
            <Fact label="Tags">
              <span className="inline-flex max-w-full gap-1 align-bottom">
                {summary.tags.slice(0, 6).map((tag) => (
                  <Badge key={tag} title={tag} className="min-w-0">
                    <span className="truncate">{tag}</span>
                  </Badge>
                ))}
              </span>
            </Fact>
          )}
        </Facts>
      </div>
    </header>
  );
}

/** The user or session of the trace, as a link to all of their traces. */
function OwnerLink({ id, href, what }: { id: string; href: string; what: "session" | "user" }) {
  return (
    <Link
      href={href}
      title={`${id}\nOpen this ${what}`}
      aria-label={id}
      className="inline-flex max-w-44 align-bottom font-mono text-sm text-accent hover:underline"
    >
      <MiddleCut text={id} />
    </Link>
  );
}

function Neighbour({ href, label, icon }: { href: string | null; label: string; icon: ReactNode }) {
  if (href === null)
    return (
      <Button tone="quiet" size="icon" disabled aria-label={label}>
        {icon}
      </Button>
    );
  return (
    <Link href={href} aria-label={label} title={label} className={buttonStyle({ tone: "quiet", size: "icon" })}>
      {icon}
    </Link>
  );
}
