"use client";
import { useQuery } from "@tanstack/react-query";
import { MailX, Repeat } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { projectLink } from "../../project/projectParam.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { KeepAsCase } from "../datasetItem/index.ts";
import { QueuePausedNotice } from "../queue/index.ts";
import { GroupBatches, ReplayGroup } from "../replays/index.ts";
import type { GroupRow } from "./groupColumns.tsx";
import { LetterChart } from "./LetterChart.tsx";
import { LetterList } from "./LetterList.tsx";
import { LETTER_PARAMS, RANGES, STATE_OPTIONS } from "./letterParams.ts";
import { placeOf } from "./place.ts";
import { LetterActs } from "./redrive/LetterActs.tsx";
import { RedrivesUnderWay } from "./redrive/RedrivesUnderWay.tsx";
import { useRedriveProgress } from "./redrive/useRedriveProgress.ts";
import { NewRuleDialog } from "./rules/NewRuleDialog.tsx";
import { CAUSES, TRENDS } from "./words.ts";

/** Dead letters that failed alike: when they came, the letters themselves, and the possible actions. */
export function GroupPage({ fingerprint }: { fingerprint: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, state, range, view }, setParams] = useQueryStates(LETTER_PARAMS, { history: "push" });
  const found = useQuery(
    trpc.deadLetters.groups.queryOptions({ project, filter: { fingerprint }, range }, { placeholderData: (previous) => previous }),
  );
  useRedriveProgress(project);
  const listHref = projectLink("/dead-letters", { project });
  const [isMaking, setIsMaking] = useState(false);
  const makeRule = (): void => setIsMaking(true);
  const group = found.data?.groups[0];
  useShortcuts({ close: () => router.push(listHref), ...(group === undefined ? {} : { newRule: makeRule }) });
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to dead letters" }}
        title={group?.message ?? "Dead letters"}
        hint={group?.message}
        actions={
          <>
            {group !== undefined && (
              <>
                <LetterActs
                  project={project}
                  subject={{ selection: { kind: "group", fingerprint }, title: group.message }}
                  isOff={group.openCount === 0}
                />
                <ReplayGroup group={{ project, fingerprint, tool: group.tool }} />
                <Button onClick={makeRule} aria-keyshortcuts={keysOf("newRule")} title={`Make a rule for it (${keysOf("newRule")})`}>
                  <Repeat className="size-3.5" aria-hidden />
                  Make a rule
                </Button>
                <KeepAsCase kind="group" project={project} fingerprint={fingerprint} />
              </>
            )}
            <Select label="Time range" value={range} options={RANGES} onChange={(chosen) => void setParams({ range: chosen })} />
          </>
        }
      >
        {found.isPending && <Skeleton className="my-1 w-2/3" />}
        {group !== undefined && <GroupFacts group={group} />}
      </PageHeader>
      {found.isError && <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.isSuccess && group === undefined && (
        <EmptyState icon={MailX} title="This group is not here">
          <p>
            No dead letter of project {project} has the fingerprint <code className="font-mono text-sm">{fingerprint}</code>.
          </p>
          <Link href={listHref} className={buttonStyle()}>
            All dead letters
          </Link>
        </EmptyState>
      )}
      {found.isSuccess && group !== undefined && (
        <>
          <QueuePausedNotice project={project} />
          <RedrivesUnderWay project={project} />
          <GroupBatches project={project} fingerprint={fingerprint} />
          <LetterChart
            counts={group.lettersPerStep}
            grid={found.data.steps}
            view={view}
            onView={(chosen) => void setParams({ view: chosen })}
          />
          <div className="flex min-h-10 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
            <h2 className="text-sm font-semibold">Letters</h2>
            <Select label="State" value={state} options={STATE_OPTIONS} onChange={(chosen) => void setParams({ state: chosen })} />
          </div>
          <LetterList project={project} filter={{ fingerprint, ...(state === "all" ? {} : { state }) }} />
        </>
      )}
      <NewRuleDialog
        project={project}
        about={isMaking ? fingerprint : null}
        onClose={() => setIsMaking(false)}
        onMade={() => router.push(projectLink("/dead-letters/rules", { project }))}
      />
    </>
  );
}

function GroupFacts({ group }: { group: GroupRow }) {
  const {
    openCount,
    lettersCount,
    firstFailedAt,
    lastFailedAt,
    versions,
    newSince,
    causes,
    trend,
    fingerprint,
    service,
    tool,
    errorClass,
  } = group;
  return (
    <Facts>
      <Fact label="Open">
        <span className={openCount > 0 ? "font-medium text-danger" : ""}>{formatCount(openCount)}</span> of {formatCount(lettersCount)}
      </Fact>
      <Fact label="Trend">
        <WordBadge word={TRENDS[trend]} />
      </Fact>
      <Fact label={causes.length === 1 ? "Cause" : "Causes"}>
        <span className="flex gap-1">
          {causes.map((cause) => (
            <WordBadge key={cause} word={CAUSES[cause]} />
          ))}
        </span>
      </Fact>
      <Fact label="Where">{placeOf(service, tool)}</Fact>
      <Fact label="Error">
        <span className="font-mono text-xs">{errorClass}</span>
      </Fact>
      <Fact label="First">
        <TimeText unixNano={unixNanoOf(firstFailedAt)} withDate />
      </Fact>
      <Fact label="Last">
        <TimeText unixNano={unixNanoOf(lastFailedAt)} withDate />
      </Fact>
      <Fact label={versions.length === 1 ? "Version" : "Versions"}>
        <span className="font-mono text-xs">{versions.join(", ")}</span>
        {newSince !== null && <span className="text-muted"> (new since {newSince})</span>}
      </Fact>
      <Fact label="Fingerprint">
        <CopyableId id={fingerprint} label="fingerprint" />
      </Fact>
    </Facts>
  );
}
