"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { ListChecks, Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { type Column, DataTable } from "../../components/ui/table/DataTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { useProject } from "../../project/useProject.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { datasetLink } from "../datasetItem/index.ts";
import { TraceListSkeleton } from "../traces/index.ts";
import { NewDatasetDialog } from "./NewDatasetDialog.tsx";

type Row = RouterOutputs["datasets"]["list"][number];

function columnsOf(project: string): Column<Row>[] {
  return [
    {
      ...{ id: "name", header: "Dataset", width: "minmax(12rem,2fr)" },
      cell: ({ name }) => (
        <Link href={datasetLink(name, project)} tabIndex={-1} className="truncate font-medium hover:underline">
          {name}
        </Link>
      ),
    },
    { id: "version", header: "Version", width: "6rem", align: "end", cell: ({ latest }) => latest?.number ?? "none" },
    { id: "items", header: "Items", width: "7rem", align: "end", cell: ({ latest }) => formatCount(latest?.items ?? 0) },
    {
      ...{ id: "changed", header: "Changed", width: "11rem" },
      cell: ({ latest, createdAt }) => <TimeText unixNano={unixNanoOf(latest?.createdAt ?? createdAt)} withDate />,
    },
    {
      id: "actor",
      header: "By",
      width: "minmax(6rem,1fr)",
      hideBelowPx: 700,
      cell: ({ latest }) => <span className="truncate">{latest?.actor}</span>,
    },
    {
      id: "note",
      header: "For",
      width: "minmax(10rem,2fr)",
      hideBelowPx: 900,
      cell: ({ latest }) => <span className="truncate text-muted">{latest?.note}</span>,
    },
  ];
}

/** The datasets on which a project's agents are measured. */
export function DatasetListPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const [isMaking, setMaking] = useState(false);
  const found = useQuery(trpc.datasets.list.queryOptions({ project }));
  return (
    <>
      <ScreenBar title="Datasets">
        <Button className="ml-auto" onClick={() => setMaking(true)}>
          <Plus className="size-3.5" aria-hidden />
          New dataset
        </Button>
      </ScreenBar>
      {found.isPending && <TraceListSkeleton label="Loading datasets" />}
      {found.isError && <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.data?.length === 0 && (
        <EmptyState icon={ListChecks} title={`Project ${project} has no datasets`}>
          <p>Make one here, keep a trace as an item from its page (S), or import a file:</p>
          <code className="font-mono text-sm [overflow-wrap:anywhere]">
            ./signalbox dataset import items.jsonl
            {project === "default" ? "" : ` --project ${project}`}
          </code>
        </EmptyState>
      )}
      {found.data !== undefined && found.data.length > 0 && (
        <DataTable
          label="Datasets"
          columns={columnsOf(project)}
          rows={found.data}
          rowKey={({ id }) => id}
          onOpen={({ name }) => router.push(datasetLink(name, project))}
        />
      )}
      <NewDatasetDialog
        open={isMaking}
        onOpenChange={setMaking}
        project={project}
        onDone={(name) => router.push(datasetLink(name, project))}
      />
    </>
  );
}
