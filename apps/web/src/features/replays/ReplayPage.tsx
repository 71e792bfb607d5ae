"use client";
import { useQuery } from "@tanstack/react-query";
import { History, SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { buttonStyle } from "../../components/ui/form/Button.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCost, formatCount } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { unixNanoOf } from "../../format/time.ts";
import { taskLink } from "../../project/taskLink.ts";
import { useProject } from "../../project/useProject.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { KeepAsCase } from "../datasetItem/index.ts";
import { CancelReplay } from "./CancelReplay.tsx";
import { DivergencePanel } from "./DivergencePanel.tsx";
import { NoWorkerNotice } from "./NoWorkerNotice.tsx";
import { PausedNotice } from "./PausedNotice.tsx";
import { ReplaySkeleton } from "./ReplaySkeleton.tsx";
import { batchLink } from "./replayLinks.ts";
import { type NamedSide, StateSideBySide, StepsSideBySide } from "./SideBySide.tsx";
import { strictnessOf } from "./sideRows.ts";
import { TaskReplays } from "./TaskReplays.tsx";
import { Totals } from "./Totals.tsx";
import { useReplay } from "./useReplay.ts";
import { type FullReplay, outcomeWord, planText } from "./words.ts";

const NS_PER_MS = 1e6;

/** A replay: its status, its first divergence from the record, and both sides. */
export function ReplayPage({ id }: { id: string }) {
  const project = useProject();
  const found = useReplay(project, id);
  if (found.data !== undefined) return <ReplayScreen replay={found.data} project={project} />;
  if (!found.isError) return <ReplaySkeleton />;
  const failure = failureOf(found.error);
  if (failure.code === "not_found" || failure.code === "invalid_input")
    return (
      <EmptyState icon={SearchX} title="This replay is not here">
        <CopyableId id={id} label="replay id" />
        <p>It may belong to another project, or have been erased with its task.</p>
      </EmptyState>
    );
  return <ErrorState failure={failure} onRetry={() => void found.refetch()} />;
}

function ReplayScreen({ replay, project }: { replay: FullReplay; project: string }) {
  const { report, taskId, plan } = replay;
  const router = useRouter();
  const taskHref = taskLink(taskId, project, plan.mode === "live" ? String(plan.from) : null);
  useShortcuts({ close: () => router.push(taskHref) });
  const name = useTaskName(project, replay);
  return (
    <>
      <PageHeader
        back={{ href: taskHref, label: "Back to its task" }}
        title={`Replay of ${name}`}
        hint={name}
        state={<WordBadge word={outcomeWord(replay)} />}
        actions={
          <>
            {(replay.status === "pending" || replay.status === "running") && <CancelReplay project={project} id={replay.id} />}
            <KeepAsCase kind="replay" project={project} id={replay.id} />
            <Link href={taskHref} className={buttonStyle()}>
              <History className="size-3.5" aria-hidden />
              Time travel
            </Link>
          </>
        }
      >
        <ReplayFacts replay={replay} project={project} />
      </PageHeader>
      <ScreenBody label="The replay">
        {report === null ? <Unfinished replay={replay} project={project} /> : <Done report={report} project={project} />}
        <TaskReplays project={project} taskId={taskId} currentId={replay.id} />
      </ScreenBody>
    </>
  );
}

/** The task's name, which an unfinished replay does not contain. */
function useTaskName(project: string, { report, taskId }: FullReplay): string {
  const trpc = useTRPC();
  const task = useQuery(trpc.decisions.timeline.queryOptions({ project, taskId }, { enabled: report === null, staleTime: 60_000 }));
  return report?.name ?? task.data?.task.name ?? `task ${taskId.slice(0, 8)}`;
}

function ReplayFacts({ replay, project }: { replay: FullReplay; project: string }) {
  const { id, batchId, plan, actor, createdAt, startedAt, endedAt, costUsd, tokens } = replay;
  return (
    <Facts>
      <Fact label="How">{planText(plan)}</Fact>
      <Fact label="Asked for by">{actor}</Fact>
      <Fact label="At">
        <TimeText unixNano={unixNanoOf(createdAt)} withDate />
      </Fact>
      {startedAt !== null && endedAt !== null && (
        <Fact label="Took">{formatDuration((Date.parse(endedAt) - Date.parse(startedAt)) * NS_PER_MS)}</Fact>
      )}
      {tokens > 0 && (
        <Fact label="Asked models for">
          {costUsd > 0 && `${formatCost(costUsd)}, `}
          {formatCount(tokens)} tokens
        </Fact>
      )}
      {batchId !== null && (
        <Fact label="Asked for with">
          <Link href={batchLink(batchId, project)} className="text-accent hover:underline">
            others
          </Link>
        </Fact>
      )}
      <Fact label="Replay">
        <CopyableId id={id} label="replay id" />
      </Fact>
    </Facts>
  );
}

function Unfinished({ replay: { status, plan, error }, project }: { replay: FullReplay; project: string }) {
  if (error !== null)
    return (
      <Panel title="It could not be replayed">
        <div className="px-4 py-3">
          <p className="font-mono text-xs text-danger">{error.code}</p>
          <p className="font-medium [overflow-wrap:anywhere]">{error.message}</p>
          {error.hint !== undefined && <p className="mt-1 text-muted [overflow-wrap:anywhere]">{error.hint}</p>}
        </div>
      </Panel>
    );
  return (
    <Panel title={status === "pending" ? "It waits for a worker" : "Running"}>
      <div className="flex flex-col gap-1 px-4 py-3">
        <p role="status" className="text-muted">
          {status === "pending" ? "A worker of the agent runtime takes it up when it has room." : "The steps are gone through again."} This
          page follows it.
        </p>
        {status === "pending" && plan.mode === "live" && <PausedNotice project={project} />}
        {status === "pending" && <NoWorkerNotice />}
      </div>
    </Panel>
  );
}

function Done({ report, project }: { report: NonNullable<FullReplay["report"]>; project: string }) {
  const sides: NamedSide[] = [
    { label: "On record", side: report.recorded },
    { label: "Replayed", side: report.replayed },
  ];
  return (
    <>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <DivergencePanel report={report} project={project} />
          <StateSideBySide sides={sides} />
        </div>
        <Totals sides={sides} />
      </div>
      <StepsSideBySide sides={sides} strictness={strictnessOf(report.mode)} divergedAt={report.divergence?.step ?? null} />
    </>
  );
}
