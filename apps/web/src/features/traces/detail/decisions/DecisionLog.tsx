"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { ChevronRight, History, Link2, Link2Off } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Badge } from "../../../../components/ui/badge/Badge.tsx";
import { classNames } from "../../../../components/ui/classNames.ts";
import { ScrollRegion } from "../../../../components/ui/layout/ScrollRegion.tsx";
import { JsonView } from "../../../../components/ui/text/JsonView.tsx";
import { formatDuration } from "../../../../format/duration.ts";
import { msOf } from "../../../../format/time.ts";
import { taskLink } from "../../../../project/taskLink.ts";
import { useProject } from "../../../../project/useProject.ts";

type TaskLog = RouterOutputs["decisions"]["byTrace"]["tasks"][number];
type Decision = TaskLog["decisions"][number];

/** The grid of a decision: the reason has a column of its own if there is room, and is among the details otherwise. */
const GRID =
  "grid grid-cols-[1.25rem_1.5rem_6rem_minmax(0,1fr)_4rem] items-center gap-x-2 @lg:grid-cols-[1.25rem_2rem_6.5rem_minmax(8rem,1fr)_minmax(6rem,1.3fr)_4.5rem]";

/** The decisions of an agent, each before its action, and whether their hash chain is intact. */
export function DecisionLog({
  tasks,
  isTruncated,
  traceStart,
  selectedId,
  onSelect,
}: {
  tasks: readonly TaskLog[];
  isTruncated: boolean;
  traceStart: string;
  selectedId: string | null;
  onSelect: (spanId: string) => void;
}) {
  const project = useProject();
  return (
    <ScrollRegion label="Decision log" className="@container min-h-0 flex-1 overflow-y-auto bg-surface outline-none">
      {tasks.map((task) => (
        <div key={task.taskId}>
          <div className="sticky top-0 z-10 flex h-8 items-center gap-2 border-b border-line bg-canvas px-3">
            <h2 className="text-sm font-semibold">Decisions</h2>
            <span className="text-xs text-faint tabular-nums">{task.decisions.length}</span>
            <ChainBadge chain={task.chain} isTruncated={isTruncated} />
            <TaskName task={task} project={project} />
          </div>
          <ol>
            {task.decisions.map((decision) => (
              <DecisionRow
                key={decision.seq}
                decision={decision}
                traceStart={traceStart}
                href={isOurs(task) ? taskLink(task.taskId, project, `d${decision.seq}`) : null}
                isSelected={decision.spanId !== null && decision.spanId === selectedId}
                onSelect={onSelect}
              />
            ))}
          </ol>
        </div>
      ))}
    </ScrollRegion>
  );
}

/** Whether a log is of one of our tasks: those begin with the gateway's routing, while another agent's decisions belong to no task here. */
function isOurs({ decisions }: TaskLog): boolean {
  return decisions[0]?.kind === "routed";
}

function TaskName({ task, project }: { task: TaskLog; project: string }) {
  const { taskId } = task;
  if (!isOurs(task))
    return (
      <span className="ml-auto min-w-0 truncate font-mono text-xs text-faint" title={taskId}>
        task {taskId}
      </span>
    );
  return (
    <Link
      href={taskLink(taskId, project)}
      title={`Time travel through the task ${taskId}`}
      className="ml-auto inline-flex min-w-0 items-center gap-1 text-xs text-accent hover:underline"
    >
      <History className="size-3 shrink-0" aria-hidden />
      <span className="truncate font-mono">task {taskId}</span>
    </Link>
  );
}

/** Whether the hash chain of a task's decisions is intact. */
export function ChainBadge({ chain, isTruncated }: { chain: TaskLog["chain"]; isTruncated: boolean }) {
  if (chain.kind === "broken")
    return (
      <Badge tone="danger" title={chain.reason}>
        <Link2Off className="size-3" aria-hidden />
        Chain broken at {chain.seq}: {chain.reason}
      </Badge>
    );
  return (
    <Badge tone="clear" title="Every decision's hash matches its content and continues the one before it">
      <Link2 className="size-3" aria-hidden />
      {isTruncated ? "Chain verified as far as shown" : "Chain verified"}
    </Badge>
  );
}

function DecisionRow({
  decision,
  traceStart,
  href,
  isSelected,
  onSelect,
}: {
  decision: Decision;
  traceStart: string;
  href: string | null;
  isSelected: boolean;
  onSelect: (spanId: string) => void;
}) {
  const [isOpen, setIsOpen] = useState(false);
  const { spanId } = decision;
  const sinceStartNs = (Date.parse(decision.time) - msOf(traceStart)) * 1e6;
  return (
    <li className={classNames("border-b border-line/70", isSelected && "bg-accent-soft shadow-[inset_2px_0_0_var(--accent)]")}>
      <div className={classNames(GRID, "min-h-7 px-2 text-sm", !isSelected && "hover:bg-hover")}>
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={`Details of decision ${decision.seq}`}
          onClick={() => setIsOpen(!isOpen)}
          className="flex size-6 items-center justify-center rounded-sm text-faint hover:text-ink"
        >
          <ChevronRight className={classNames("size-3.5", isOpen && "rotate-90")} aria-hidden />
        </button>
        <span className="text-right text-faint tabular-nums">{decision.seq}</span>
        <span className="truncate text-muted">{decision.kind.replaceAll("_", " ")}</span>
        {spanId === null ? (
          <span className="truncate" title={decision.chosen}>
            {decision.chosen}
          </span>
        ) : (
          <button
            type="button"
            aria-pressed={isSelected}
            onClick={() => onSelect(spanId)}
            title={`${decision.chosen}\nShow its span`}
            className="min-h-6 truncate text-left font-medium hover:text-accent hover:underline"
          >
            {decision.chosen}
          </button>
        )}
        <span className="hidden truncate text-muted @lg:block" title={decision.reason}>
          {decision.reason}
        </span>
        <span className="text-right text-xs text-faint tabular-nums">
          {sinceStartNs < 0 ? "before" : `+${formatDuration(sinceStartNs)}`}
        </span>
      </div>
      {isOpen && (
        <div className="border-t border-line/70 bg-canvas px-4 py-2 @lg:px-11">
          {decision.reason !== "" && <p className="mb-1 text-sm @lg:hidden">{decision.reason}</p>}
          <p className="mb-1 text-sm text-muted">
            {decision.actor.service} {decision.actor.version}, attempt {decision.attempt}
            {decision.confidence !== null && `, confidence ${decision.confidence}`}
          </p>
          <JsonView value={decision.detail} />
          <p className="mt-1 font-mono text-xs text-faint [overflow-wrap:anywhere]">sha256 {decision.hash}</p>
          {href !== null && (
            <Link href={href} className="text-sm text-accent hover:underline">
              The task as of this decision
            </Link>
          )}
        </div>
      )}
    </li>
  );
}
