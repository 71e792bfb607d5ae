"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { History, ListTree } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { buttonStyle } from "../../components/ui/form/Button.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { ClampedText } from "../../components/ui/text/ClampedText.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { JsonView } from "../../components/ui/text/JsonView.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { unixNanoOf } from "../../format/time.ts";
import { groupLink } from "../../project/groupLink.ts";
import { projectLink } from "../../project/projectParam.ts";
import { taskLink } from "../../project/taskLink.ts";
import { useProject } from "../../project/useProject.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { KeepAsCase } from "../datasetItem/index.ts";
import { QueuePausedNotice } from "../queue/index.ts";
import { DecisionLog } from "../traces/index.ts";
import { AttemptTimeline } from "./AttemptTimeline.tsx";
import { letterLink } from "./deadLetterLinks.ts";
import { placeOf } from "./place.ts";
import { LetterActs } from "./redrive/LetterActs.tsx";
import type { RedriveSubject } from "./redrive/RedriveDialog.tsx";
import { useRedriveProgress } from "./redrive/useRedriveProgress.ts";
import { CAUSES, STATES } from "./words.ts";

type Detail = RouterOutputs["deadLetters"]["letter"];

const PAYLOAD_LINES_MAX = 60;
const MESSAGE_LINES_MAX = 10;

/** A whole dead letter: why its task was given up, its request, every attempt and decision. */
export function LetterPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const found = useQuery(trpc.deadLetters.letter.queryOptions({ project, id }));
  useRedriveProgress(project);
  const listHref = projectLink("/dead-letters", { project });
  const groupHref = found.data === undefined ? listHref : groupLink(found.data.letter.fingerprint, project);
  const taskHref = found.data?.letter.kind === "task" ? taskLink(found.data.letter.taskId, project) : null;
  useShortcuts({
    close: () => router.push(groupHref),
    ...(taskHref === null ? {} : { timeTravel: () => router.push(taskHref) }),
  });
  return (
    <>
      <PageHeader
        back={{ href: groupHref, label: "Back to its group" }}
        title={found.data?.letter.payload.name ?? "Dead letter"}
        hint={found.data?.letter.message}
        actions={
          found.data !== undefined && (
            <>
              <LetterActs project={project} subject={subjectOf(found.data)} isOff={found.data.state !== "open"} />
              {taskHref !== null && (
                <>
                  <KeepAsCase kind="letter" project={project} id={found.data.letter.id} />
                  <Link
                    href={taskHref}
                    className={buttonStyle()}
                    aria-keyshortcuts={keysOf("timeTravel")}
                    title={`Each moment of its task, and replay from there (${keysOf("timeTravel")})`}
                  >
                    <History className="size-3.5" aria-hidden />
                    Time travel
                  </Link>
                  <Link href={projectLink(`/traces/${found.data.letter.traceId}`, { project })} className={buttonStyle()}>
                    <ListTree className="size-3.5" aria-hidden />
                    Trace
                  </Link>
                </>
              )}
            </>
          )
        }
      >
        {found.isPending && <Skeleton className="my-1 w-2/3" />}
        {found.data !== undefined && <LetterFacts detail={found.data} />}
      </PageHeader>
      <QueuePausedNotice project={project} />
      {found.isError && (
        <ErrorState
          failure={failureOf(found.error)}
          wayOut={{ href: projectLink("/dead-letters", { project }), label: "All dead letters" }}
          onRetry={() => void found.refetch()}
        />
      )}
      {found.data !== undefined && <LetterBody detail={found.data} project={project} />}
    </>
  );
}

function subjectOf({ letter: { id, kind, payload } }: Detail): RedriveSubject {
  // Telemetry is sent again unchanged: there is nothing to edit.
  return { selection: { kind: "letters", ids: [id] }, title: payload.name, ...(kind === "task" ? { payload } : {}) };
}

/** Where and how the last attempt failed, with its chain of causes. */
function ErrorChain({ letter: { service, tool, frame, errorClass, errorChain } }: { letter: Detail["letter"] }) {
  return (
    <dl className="mt-3 grid grid-cols-[6rem_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
      <dt className="text-faint">Where</dt>
      <dd className="[overflow-wrap:anywhere]">
        {placeOf(service, tool)}
        {frame !== null && <span className="block font-mono text-xs text-muted">{frame}</span>}
      </dd>
      <dt className="text-faint">Error</dt>
      <dd className="font-mono text-xs leading-5 text-danger">{errorClass}</dd>
      {errorChain.length > 0 && (
        <>
          <dt className="text-faint">Because of</dt>
          <dd>
            <ol aria-label="Causes, the nearest first" className="flex flex-col gap-1">
              {errorChain.map((cause) => (
                <li key={`${cause.class} ${cause.message}`} className="[overflow-wrap:anywhere]">
                  <span className="font-mono text-xs text-danger">{cause.class}</span> {cause.message}
                </li>
              ))}
            </ol>
          </dd>
        </>
      )}
    </dl>
  );
}

/** The fate of a letter: when, and by whom. */
function Outcome({ detail: { letter, discarded, redrivenAt, holder }, project }: { detail: Detail; project: string }) {
  if (discarded !== null)
    return (
      <p className="mt-1 text-sm text-muted">
        Discarded by {discarded.by} <TimeText unixNano={unixNanoOf(discarded.at)} withDate />: {discarded.reason}
      </p>
    );
  if (redrivenAt === null && holder === null) return null;
  return (
    <p className="mt-1 text-sm text-muted [overflow-wrap:anywhere]">
      {redrivenAt === null ? (
        "It waits for its turn"
      ) : (
        <>
          {letter.kind === "task" ? "Put back in line " : "Sent again "}
          <TimeText unixNano={unixNanoOf(redrivenAt)} withDate />
        </>
      )}
      {holder !== null && (
        <>
          {" in the redrive "}
          <Link href={projectLink("/dead-letters/redrives", { project })} className="text-accent underline">
            {holder.name}
          </Link>
          {` that ${holder.actor} began `}
          <TimeText unixNano={unixNanoOf(holder.since)} withDate />
        </>
      )}
      .
    </p>
  );
}

function LetterFacts({ detail: { letter, state, taskStatus } }: { detail: Detail }) {
  return (
    <Facts>
      <Fact label="State">
        <WordBadge word={STATES[state]} />
      </Fact>
      <Fact label="Cause">
        <WordBadge word={CAUSES[letter.cause]} />
      </Fact>
      <Fact label="Last failed">
        <TimeText unixNano={unixNanoOf(letter.lastFailedAt)} withDate />
      </Fact>
      {letter.kind === "task" && (
        <>
          <Fact label="Task">
            <CopyableId id={letter.taskId} label="task id" />
          </Fact>
          <Fact label="Task is now">{taskStatus}</Fact>
        </>
      )}
      <Fact label="Run">{letter.run}</Fact>
      {letter.kind === "task" && (
        <Fact label={letter.versions.length === 1 ? "Version" : "Versions"}>
          <span className="font-mono text-xs">{letter.versions.join(", ")}</span>
        </Fact>
      )}
      <Fact label="Letter">
        <CopyableId id={letter.id} label="letter id" />
      </Fact>
    </Facts>
  );
}

function LetterBody({ detail, project }: { detail: Detail; project: string }) {
  const router = useRouter();
  const { letter, decisions, isTruncated, chain, history } = detail;
  const begin = decisions[0]?.time ?? letter.firstFailedAt;
  return (
    <ScreenBody label="The letter" className="grid items-start xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Why">
          <div className="px-4 py-3">
            <ClampedText text={letter.message} linesMax={MESSAGE_LINES_MAX}>
              {(shown) => <p className="whitespace-pre-wrap font-medium [overflow-wrap:anywhere]">{shown}</p>}
            </ClampedText>
            <p className="mt-1 text-sm text-muted">{CAUSES[letter.cause].title}.</p>
            <ErrorChain letter={letter} />
            <Outcome detail={detail} project={project} />
          </div>
        </Panel>
        {letter.kind === "task" && (
          <Panel title={letter.attempts.length === 1 ? "1 attempt" : `${letter.attempts.length} attempts`}>
            <div className="px-4 py-3">
              <AttemptTimeline attempts={letter.attempts} />
            </div>
          </Panel>
        )}
        {history.length > 1 && (
          <Panel title={letter.kind === "task" ? "All runs of this task" : "All letters of this minute"}>
            <ol className="divide-y divide-line/60">
              {history.map((run) => (
                <li key={run.id} className="flex min-h-9 items-center gap-3 px-4 text-sm">
                  <span className="text-faint tabular-nums">Run {run.run}</span>
                  <WordBadge word={STATES[run.state]} />
                  {run.id === letter.id ? (
                    <span className="truncate text-muted">this letter</span>
                  ) : (
                    <Link href={letterLink(run.id, project)} className="min-w-0 truncate text-accent hover:underline" title={run.message}>
                      {run.message}
                    </Link>
                  )}
                  <span className="ml-auto">
                    <TimeText unixNano={unixNanoOf(run.lastFailedAt)} />
                  </span>
                </li>
              ))}
            </ol>
          </Panel>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title={letter.kind === "task" ? "Payload" : "Where it is"}>
          <div className="px-4 py-3">
            <JsonView value={letter.payload} linesMax={PAYLOAD_LINES_MAX} />
          </div>
        </Panel>
        {letter.kind === "task" && (
          <Panel>
            <DecisionLog
              tasks={[{ taskId: letter.taskId, decisions, chain }]}
              isTruncated={isTruncated}
              traceStart={unixNanoOf(begin)}
              selectedId={null}
              onSelect={(spanId) =>
                router.push(`${projectLink(`/traces/${letter.traceId}`, { project })}${project === "default" ? "?" : "&"}span=${spanId}`)
              }
            />
          </Panel>
        )}
      </div>
    </ScreenBody>
  );
}
