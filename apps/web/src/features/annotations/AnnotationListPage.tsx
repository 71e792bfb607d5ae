"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { Plus, Tags } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { type Column, DataTable } from "../../components/ui/table/DataTable.tsx";
import { formatCount } from "../../format/amounts.ts";
import { useProject } from "../../project/useProject.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { NewQueueDialog, queueLink } from "../annotationQueue/index.ts";
import { TraceListSkeleton } from "../traces/index.ts";
import { AgreementText } from "./AgreementText.tsx";
import { ProgressBar } from "./ProgressBar.tsx";

type Row = RouterOutputs["annotations"]["list"]["queues"][number];

function columnsOf(project: string): Column<Row>[] {
  return [
    {
      ...{ id: "name", header: "Queue", width: "minmax(10rem,2fr)" },
      cell: ({ id, name }) => (
        <Link href={queueLink(id, project)} tabIndex={-1} className="truncate font-medium hover:underline">
          {name}
        </Link>
      ),
    },
    {
      ...{ id: "question", header: "Question", width: "minmax(12rem,3fr)", hideBelowPx: 800 },
      cell: ({ question }) => <span className="truncate text-muted">{question}</span>,
    },
    { id: "progress", header: "Done", width: "13rem", cell: ({ progress }) => <ProgressBar {...progress} /> },
    { id: "labels", header: "Labels", width: "6rem", align: "end", hideBelowPx: 700, cell: ({ progress }) => formatCount(progress.labels) },
    {
      ...{ id: "disagreements", header: "To settle", width: "6rem", align: "end", hideBelowPx: 600 },
      cell: ({ progress }) => (
        <span className={progress.disagreements > 0 ? "text-caution" : ""}>{formatCount(progress.disagreements)}</span>
      ),
    },
    {
      ...{ id: "agreement", header: "Agreement", width: "15rem", hideBelowPx: 1_000 },
      cell: ({ id, overlap, progress }) =>
        progress.labels === 0 || overlap === 1 ? (
          <span className="text-faint">{overlap === 1 ? "one person each" : "no labels yet"}</span>
        ) : (
          <AgreementText project={project} id={id} />
        ),
    },
  ];
}

/** The annotation queues of a project: questions about traces that people answer. */
export function AnnotationListPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const [isMaking, setMaking] = useState(false);
  const found = useQuery(trpc.annotations.list.queryOptions({ project }));
  const queues = found.data?.queues ?? [];
  return (
    <>
      <ScreenBar title="Annotation queues">
        <Button className="ml-auto" onClick={() => setMaking(true)}>
          <Plus className="size-3.5" aria-hidden />
          New queue
        </Button>
      </ScreenBar>
      {found.isPending && <TraceListSkeleton label="Loading annotation queues" />}
      {found.isError && <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.isSuccess && queues.length === 0 && (
        <EmptyState icon={Tags} title={`Project ${project} has no annotation queues`}>
          <p>A queue asks people one question about traces. Their labels become scores, and tell how far a judge may be believed.</p>
          <p>Make one here, or from traces that you select in the list of traces (X).</p>
        </EmptyState>
      )}
      {queues.length > 0 && (
        <DataTable
          label="Annotation queues"
          columns={columnsOf(project)}
          rows={queues}
          rowKey={({ id }) => id}
          onOpen={({ id }) => router.push(queueLink(id, project))}
        />
      )}
      <NewQueueDialog open={isMaking} onOpenChange={setMaking} project={project} onMade={({ id }) => router.push(queueLink(id, project))} />
    </>
  );
}
