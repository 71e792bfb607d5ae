"use client";
import type { RouterInputs } from "@signalbox/api/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { Button } from "../../components/ui/form/Button.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { DataTable } from "../../components/ui/table/DataTable.tsx";
import { formatCount } from "../../format/amounts.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "../traces/index.ts";
import { letterLink } from "./deadLetterLinks.ts";
import { type LetterRow, letterColumns } from "./letterColumns.tsx";

/** The letters that match a filter, latest failure first. */
export function LetterList({
  project,
  filter,
}: {
  project: string;
  filter: NonNullable<RouterInputs["deadLetters"]["letters"]["filter"]>;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const pages = useInfiniteQuery(
    trpc.deadLetters.letters.infiniteQueryOptions(
      { project, filter },
      { getNextPageParam: ({ next }) => next, staleTime: 10_000, placeholderData: (previous) => previous },
    ),
  );
  const rows = pages.data?.pages.flatMap(({ letters }) => letters) ?? [];
  const hrefOf = ({ id }: LetterRow): string => letterLink(id, project);
  if (pages.isPending) return <TraceListSkeleton label="Loading letters" />;
  if (pages.isError) return <ErrorState failure={failureOf(pages.error)} onRetry={() => void pages.refetch()} />;
  if (rows.length === 0) return <p className="px-4 py-6 text-muted">No letter of this group is in this state.</p>;
  return (
    <DataTable
      label="Letters of this group"
      columns={letterColumns(hrefOf)}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={(row) => router.push(hrefOf(row))}
      footer={
        <div className="flex h-12 items-center gap-3 px-4 text-sm text-faint">
          <span className="tabular-nums">
            {formatCount(rows.length)} {rows.length === 1 ? "letter" : "letters"}
            {pages.hasNextPage ? " so far" : ""}
          </span>
          {pages.hasNextPage && (
            <Button size="small" onClick={() => void pages.fetchNextPage()} disabled={pages.isFetchingNextPage}>
              {pages.isFetchingNextPage ? "Loading…" : "Load more"}
            </Button>
          )}
        </div>
      }
    />
  );
}
