"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CalendarX2, ListFilter } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { DataTable } from "../../components/ui/table/DataTable.tsx";
import { LoadMore } from "../../components/ui/table/ListFooter.tsx";
import { CopyButton } from "../../components/ui/text/CopyButton.tsx";
import { Fact } from "../../components/ui/text/Facts.tsx";
import { MiddleCut } from "../../components/ui/text/MiddleCut.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { sessionLink, userLink } from "../../project/ownerLink.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { OWNER_PARAMS, OwnerFacts, type OwnerRow, sessionColumns } from "../sessions/index.ts";
import {
  RecentTraces,
  rangeInputOf,
  rangeProblems,
  readListParams,
  TimeRangePicker,
  TraceHistogram,
  tracesLink,
  UnusableFilters,
} from "../traces/index.ts";

/** A user in a time range: totals, activity, sessions and latest traces. */
export function UserPage({ user }: { user: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [params, setParams] = useQueryStates(OWNER_PARAMS, { history: "push" });
  const [isRangeOpen, setRangeOpen] = useState(false);
  const problems = rangeProblems(useSearchParams());
  const isAsked = problems.length === 0;
  const { project } = params;
  const range = rangeInputOf(params);
  const totals = useQuery(trpc.users.get.queryOptions({ project, user, range }, { enabled: isAsked }));
  const sessions = useInfiniteQuery(
    trpc.sessions.list.infiniteQueryOptions(
      { project, range, user, limit: 20 },
      { getNextPageParam: ({ next }) => next, enabled: isAsked, staleTime: 10_000 },
    ),
  );
  const listHref = projectLink("/users", { project });
  useShortcuts({ close: () => router.push(listHref), timeRange: () => setRangeOpen(true) });

  const { range: last, from, to } = params;
  const ofUser = { project, user: [user], range: last, from, to };
  const hrefOf = ({ id }: OwnerRow): string => sessionLink(id, project);
  const rows = sessions.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to users" }}
        name={`User ${user}`}
        hint={user}
        title={
          <>
            User
            <span className="min-w-0 font-mono text-md font-medium">
              <MiddleCut text={user} />
            </span>
          </>
        }
        state={<CopyButton text={user} label="user id" />}
        actions={
          <>
            <Link href={tracesLink(ofUser)} className={buttonStyle()}>
              <ListFilter className="size-3.5" aria-hidden />
              In the trace list
            </Link>
            <TimeRangePicker
              range={params}
              onChange={(chosen) => void setParams(chosen)}
              isOpen={isRangeOpen}
              onOpenChange={setRangeOpen}
            />
          </>
        }
      >
        {totals.isPending && isAsked && <Skeleton className="my-1 w-2/3" />}
        {totals.data !== undefined && totals.data !== null && (
          <OwnerFacts totals={totals.data} traces="Traces">
            <Fact label="Sessions">{formatCount(totals.data.othersCount)}</Fact>
            <Fact label="First">
              <TimeText unixNano={totals.data.firstUnixNano} withDate />
            </Fact>
          </OwnerFacts>
        )}
      </PageHeader>
      {problems.length > 0 && <UnusableFilters problems={problems} onClear={(dropped) => void setParams(dropped)} />}
      {totals.isError && <ErrorState failure={failureOf(totals.error)} onRetry={() => void totals.refetch()} />}
      {totals.data === null && (
        <EmptyState icon={CalendarX2} title="No trace of this user began in this time">
          <Button onClick={() => void setParams({ range: "1y", from: null, to: null })}>Show the last year</Button>
        </EmptyState>
      )}
      {totals.data !== undefined && totals.data !== null && (
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          <h2 className="sr-only">Activity</h2>
          <TraceHistogram
            params={{ ...readListParams(""), ...ofUser }}
            isLive={false}
            onZoom={(start, end) => void setParams({ from: start, to: end })}
          />
          <h2 className="px-4 pt-4 pb-1.5 text-sm font-semibold">Sessions</h2>
          {sessions.isError && <ErrorState failure={failureOf(sessions.error)} onRetry={() => void sessions.refetch()} />}
          {sessions.isSuccess && rows.length === 0 && <p className="px-4 pb-2 text-muted">Their traces name no session.</p>}
          {rows.length > 0 && (
            <div className="flex max-h-96 shrink-0 flex-col border-y border-line">
              <DataTable
                label="Sessions of this user"
                columns={sessionColumns({ hrefOf, hrefOfOther: (other) => userLink(other, project) }).filter(({ id }) => id !== "user")}
                rows={rows}
                rowKey={({ id }) => id}
                onOpen={(row) => router.push(hrefOf(row))}
                footer={
                  sessions.hasNextPage && (
                    <div className="flex h-10 items-center px-4">
                      <LoadMore pages={sessions} size="small" />
                    </div>
                  )
                }
              />
            </div>
          )}
          <h2 className="px-4 pt-5 pb-1.5 text-sm font-semibold">Latest traces</h2>
          <RecentTraces params={{ ...readListParams(""), ...ofUser }} />
        </div>
      )}
    </>
  );
}
