"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { type Column, DataTable } from "../../components/ui/table/DataTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { PROJECT_PARAM } from "../../project/projectParam.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "../traces/index.ts";
import { runLink } from "./evalLinks.ts";

type RunRow = RouterOutputs["evalRuns"]["list"][number];

/** Whether a run has ended; one that stopped says why. */
export function RunState({ run: { endedAt, note } }: { run: Pick<RunRow, "endedAt" | "note"> }) {
  if (endedAt !== null) return <WordBadge word={{ label: "Done", tone: "clear", title: "Every try of it is over" }} />;
  return note === null ? (
    <WordBadge word={{ label: "Running", tone: "accent", title: "Some of its tries are not over" }} />
  ) : (
    <WordBadge word={{ label: "Stopped", tone: "danger", title: note }} />
  );
}

function columnsOf(project: string): Column<RunRow>[] {
  return [
    { id: "began", header: "Began", width: "8rem", cell: ({ createdAt }) => <TimeText unixNano={unixNanoOf(createdAt)} withDate /> },
    {
      id: "name",
      header: "Run",
      width: "minmax(12rem, 3fr)",
      cell: ({ id, name }) => (
        <Link href={runLink(id, project)} className="truncate font-medium hover:underline" title={name}>
          {name}
        </Link>
      ),
    },
    { id: "state", header: "State", width: "5.5rem", cell: (run) => <RunState run={run} /> },
    {
      id: "dataset",
      header: "Dataset",
      width: "minmax(7rem, 1fr)",
      hideBelowPx: 720,
      cell: ({ dataset }) => <span className="truncate text-muted">{dataset}</span>,
    },
    {
      id: "target",
      header: "Target",
      width: "minmax(7rem, 1fr)",
      hideBelowPx: 860,
      cell: ({ target }) => (
        <span className="truncate font-mono text-xs text-muted" title={target}>
          {target}
        </span>
      ),
    },
    {
      id: "tries",
      header: "Tries",
      width: "7rem",
      align: "end",
      cell: ({ finished, items, trials }) =>
        finished === items * trials ? formatCount(finished) : `${formatCount(finished)} of ${formatCount(items * trials)}`,
    },
    {
      id: "failed",
      header: <span title="Tries without an answer: they count as 0">Failed</span>,
      width: "4.5rem",
      align: "end",
      cell: ({ failed }) => <span className={failed > 0 ? "text-danger" : "text-faint"}>{formatCount(failed)}</span>,
    },
  ];
}

/** The eval runs of a project, latest first. */
export function EvalRunListPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project }] = useQueryStates(PROJECT_PARAM);
  const runs = useQuery(trpc.evalRuns.list.queryOptions({ project }, { refetchInterval: 10_000 }));
  return (
    <>
      <ScreenBar title="Eval runs" />
      {runs.isPending && <TraceListSkeleton label="Loading eval runs" />}
      {runs.isError && <ErrorState failure={failureOf(runs.error)} onRetry={() => void runs.refetch()} />}
      {runs.data?.length === 0 && (
        <EmptyState icon={FlaskConical} title="No eval run yet">
          <p>An eval run asks an agent about every item of a dataset, and scores what it says.</p>
          <code className="font-mono text-sm">./signalbox eval run --dataset refunds@1 --target agent --scorers exact</code>
        </EmptyState>
      )}
      {runs.data !== undefined && runs.data.length > 0 && (
        <DataTable
          label="Eval runs"
          columns={columnsOf(project)}
          rows={runs.data}
          rowKey={({ id }) => id}
          onOpen={({ id }) => router.push(runLink(id, project))}
        />
      )}
    </>
  );
}
