"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { DataTable } from "../../../components/ui/DataTable.tsx";
import { ErrorState } from "../../../components/ui/ErrorState.tsx";
import { Skeleton } from "../../../components/ui/Skeleton.tsx";
import { usePreference } from "../../../preferences/usePreference.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { type ListParams, listInputOf } from "./listParams.ts";
import { longestOf, shownColumns } from "./traceColumns.tsx";
import { traceLink } from "./traceLinks.ts";
import type { TraceRow } from "./traceRow.ts";

const ROWS = 20;

/** The first traces of a list, newest first. */
export function RecentTraces({ params }: { params: ListParams }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [clock] = usePreference("clock");
  const traces = useQuery(trpc.traces.list.queryOptions({ ...listInputOf(params), limit: ROWS }));
  const hrefOf = (row: TraceRow): string => traceLink(row.traceId, params);
  if (traces.isError) return <ErrorState failure={failureOf(traces.error)} onRetry={() => void traces.refetch()} />;
  if (traces.data === undefined) return <Skeleton className="m-4 w-1/2" />;
  const rows = traces.data.traces;
  return (
    <div className="flex max-h-96 shrink-0 flex-col border-y border-line">
      <DataTable
        label="Latest traces"
        columns={shownColumns(null, { hrefOf, project: params.project, longestNs: longestOf(rows), clock })}
        rows={rows}
        rowKey={(row) => row.traceId}
        onOpen={(row) => router.push(hrefOf(row))}
      />
    </div>
  );
}
