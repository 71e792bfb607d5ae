"use client";
import { Columns2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { taskLink } from "../../project/taskLink.ts";
import { useProject } from "../../project/useProject.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { ReplaySkeleton } from "./ReplaySkeleton.tsx";
import { COMPARE_PARAMS } from "./replayLinks.ts";
import { type NamedSide, StateSideBySide, StepsSideBySide } from "./SideBySide.tsx";
import { sideRows, strictnessOf } from "./sideRows.ts";
import { TaskReplays } from "./TaskReplays.tsx";
import { Totals } from "./Totals.tsx";
import { useReplay } from "./useReplay.ts";
import { type FullReplay, planText, type Report } from "./words.ts";

/** Two replays side by side, with the record if both are of one task. */
export function ComparePage() {
  const [{ a, b }] = useQueryStates(COMPARE_PARAMS);
  if (a === null || b === null)
    return (
      <EmptyState icon={Columns2} title="Two replays are needed">
        <p>Choose two among the replays on a task's page.</p>
      </EmptyState>
    );
  return <Comparison a={a} b={b} />;
}

function Comparison({ a, b }: { a: string; b: string }) {
  const project = useProject();
  const [one, other] = [useReplay(project, a), useReplay(project, b)];
  const failed = one.isError ? one : other.isError ? other : null;
  if (failed !== null) return <ErrorState failure={failureOf(failed.error)} onRetry={() => void failed.refetch()} />;
  if (one.data === undefined || other.data === undefined) return <ReplaySkeleton />;
  return <Screen replays={[one.data, other.data]} project={project} />;
}

function sidesOf([a, b]: readonly [FullReplay, FullReplay], [one, other]: readonly [Report, Report]): NamedSide[] {
  const record = a.taskId === b.taskId ? [{ label: "On record", side: one.recorded }] : [];
  return [...record, { label: `A: ${planText(a.plan)}`, side: one.replayed }, { label: `B: ${planText(b.plan)}`, side: other.replayed }];
}

function Screen({ replays, project }: { replays: readonly [FullReplay, FullReplay]; project: string }) {
  const [a, b] = replays;
  const router = useRouter();
  const taskHref = taskLink(a.taskId, project);
  useShortcuts({ close: () => router.push(taskHref) });
  const reports = a.report === null || b.report === null ? null : ([a.report, b.report] as const);
  const sides = reports === null ? [] : sidesOf(replays, reports);
  const strictness = strictnessOf(a.plan.mode, b.plan.mode);
  const compared = sides.slice(-2).map(({ side }) => side);
  const differing = sideRows(compared, strictness).filter(({ isSame }) => !isSame);
  return (
    <>
      <PageHeader back={{ href: taskHref, label: "Back to the task" }} title={`Two replays of ${a.report?.name ?? "a task"}`}>
        <p className="text-sm text-muted">
          {reports === null
            ? "They can be compared once both are done."
            : differing.length === 0
              ? "Both went the same way."
              : `They part at step ${differing[0]?.step}, and differ in ${differing.length} ${differing.length === 1 ? "step" : "steps"}.`}
          {a.taskId !== b.taskId && " They are of two tasks."}
        </p>
      </PageHeader>
      <ScreenBody label="Two replays">
        {reports !== null && (
          <>
            <Totals sides={sides} />
            <StepsSideBySide sides={sides} strictness={strictness} divergedAt={differing[0]?.step ?? null} />
            <StateSideBySide sides={sides} />
          </>
        )}
        <TaskReplays project={project} taskId={a.taskId} />
      </ScreenBody>
    </>
  );
}
