"use client";
import { useQuery } from "@tanstack/react-query";
import { History, ListTree, MailWarning, SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { buttonStyle } from "../../components/ui/form/Button.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { unixNanoOf } from "../../format/time.ts";
import { sessionLink, userLink } from "../../project/ownerLink.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { Fork, type ForkSubject, TaskReplays } from "../replays/index.ts";
import { ChainBadge } from "../traces/index.ts";
import { ConversationPanel } from "./ConversationPanel.tsx";
import { MemoryPanel } from "./MemoryPanel.tsx";
import { MomentPanel } from "./MomentPanel.tsx";
import { StatePanel } from "./StatePanel.tsx";
import { TaskPageSkeleton } from "./TaskPageSkeleton.tsx";
import { TimeSlider } from "./TimeSlider.tsx";
import { lastStepOf, stepAfter, type Timeline } from "./timeline.ts";
import { useMoment } from "./useMoment.ts";

const POLL_MS = 2_000;

/** A task with all its moments, polled while it may continue. */
export function TaskPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const found = useQuery(
    trpc.decisions.timeline.queryOptions(
      { project, taskId: id },
      {
        refetchInterval: ({ state: { data } }) => (data !== undefined && isOpen(data) ? POLL_MS : false),
      },
    ),
  );
  if (found.data !== undefined) return <TaskScreen timeline={found.data} project={project} />;
  if (!found.isError) return <TaskPageSkeleton />;

  const failure = failureOf(found.error);
  if (failure.code === "not_found" || failure.code === "invalid_input")
    return (
      <EmptyState icon={SearchX} title="This task is not here">
        <CopyableId id={id} label="task id" />
        <p>{failure.hint ?? failure.message}</p>
        <Link href={projectLink("/traces", { project })} className={buttonStyle()}>
          Go to traces
        </Link>
      </EmptyState>
    );
  return <ErrorState failure={failure} onRetry={() => void found.refetch()} />;
}

function isOpen({ task: { status } }: Timeline): boolean {
  return status === "queued" || status === "running";
}

/** The replay that starts at a moment. */
function forkOf({ task, moments, conversation }: Timeline, index: number): ForkSubject {
  const called = conversation.flatMap(({ value }) => (value.kind === "call" ? [value.call.name] : []));
  const stepsMax = lastStepOf(task.status, moments);
  return { taskId: task.id, step: Math.min(stepAfter(moments, index), stepsMax), stepsMax, tools: [...new Set(called)] };
}

function TaskScreen({ timeline, project }: { timeline: Timeline; project: string }) {
  const { task, letters, moments, isTruncated } = timeline;
  const router = useRouter();
  const { index, goTo } = useMoment(moments);
  const traceHref = projectLink(`/traces/${task.traceId}`, { project });
  const [moment, letter] = [moments[index], letters.at(-1)];
  const letterHref = letter === undefined ? null : projectLink(`/dead-letters/letters/${letter.id}`, { project });
  useShortcuts({
    close: () => router.push(traceHref),
    ...(letterHref === null ? {} : { deadLetter: () => router.push(letterHref) }),
  });
  const spanOf = (spanId: string): string => `${traceHref}${traceHref.includes("?") ? "&" : "?"}span=${spanId}`;
  return (
    <>
      <PageHeader
        back={{ href: traceHref, label: "Back to its trace" }}
        title={task.name}
        hint={task.name}
        actions={
          <>
            {letterHref !== null && (
              <Link
                href={letterHref}
                className={buttonStyle()}
                aria-keyshortcuts={keysOf("deadLetter")}
                title={`Its dead letter (${keysOf("deadLetter")})`}
              >
                <MailWarning className="size-3.5" aria-hidden />
                Dead letter
              </Link>
            )}
            <Link href={traceHref} className={buttonStyle()}>
              <ListTree className="size-3.5" aria-hidden />
              Trace
            </Link>
          </>
        }
      >
        <TaskFacts timeline={timeline} project={project} />
      </PageHeader>
      {isTruncated && (
        <p className="border-b border-line bg-caution-soft px-4 py-1.5 text-sm text-caution">
          This task is longer than what is shown: these are its first {moments.length} moments.
        </p>
      )}
      {moment === undefined ? (
        <EmptyState icon={History} title="Nothing is on record of this task">
          <p>Its first decision is written when it is admitted.</p>
        </EmptyState>
      ) : (
        <>
          <TimeSlider moments={moments} index={index} onGoTo={goTo}>
            <Fork project={project} subject={forkOf(timeline, index)} isOff={isOpen(timeline)} />
          </TimeSlider>
          <div className="grid min-h-0 flex-1 gap-4 bg-canvas p-4 max-xl:auto-rows-max max-xl:overflow-y-auto xl:grid-cols-[20rem_minmax(0,1fr)_25rem]">
            <Column label="State and memory">
              <StatePanel facts={timeline.facts} index={index} />
              <MemoryPanel memory={timeline.memory} index={index} />
            </Column>
            <ConversationPanel conversation={timeline.conversation} index={index} />
            <Column label="What was decided, and replays">
              <MomentPanel moment={moment} spanHref={spanOf(moment.spanId)} />
              <TaskReplays project={project} taskId={task.id} />
            </Column>
          </div>
        </>
      )}
    </>
  );
}

function Column({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <ScrollRegion label={label} className="flex min-w-0 flex-col gap-4 rounded-lg xl:min-h-0 xl:overflow-y-auto">
      {children}
    </ScrollRegion>
  );
}

function TaskFacts({ timeline: { task, chain, isTruncated }, project }: { timeline: Timeline; project: string }) {
  return (
    <Facts>
      <Fact label="Task is now">{task.status}</Fact>
      <Fact label="Attempts">{task.attempts}</Fact>
      <Fact label="Asked for">
        <TimeText unixNano={unixNanoOf(task.createdAt)} withDate />
      </Fact>
      {task.version !== null && (
        <Fact label="Version">
          <span className="font-mono text-xs">{task.version}</span>
        </Fact>
      )}
      {task.session !== null && (
        <Fact label="Session">
          <Link href={sessionLink(task.session, project)} className="font-mono text-xs text-accent hover:underline" title={task.session}>
            {task.session}
          </Link>
        </Fact>
      )}
      {task.user !== null && (
        <Fact label="User">
          <Link href={userLink(task.user, project)} className="font-mono text-xs text-accent hover:underline" title={task.user}>
            {task.user}
          </Link>
        </Fact>
      )}
      <Fact label="Decisions">
        <ChainBadge chain={chain} isTruncated={isTruncated} />
      </Fact>
      <Fact label="Task">
        <CopyableId id={task.id} label="task id" />
      </Fact>
    </Facts>
  );
}
