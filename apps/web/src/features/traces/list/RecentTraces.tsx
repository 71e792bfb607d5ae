"use client";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { DataTable } from "../../../components/ui/table/DataTable.tsx";
import { usePreference } from "../../../preferences/usePreference.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { longestOf, shownColumns } from "./columns/traceColumns.tsx";
import type { TraceRow } from "./columns/traceRow.ts";
import { type ListParams, listInputOf } from "./listParams.ts";
import { traceLink } from "./traceLinks.ts";

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
