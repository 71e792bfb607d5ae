"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ListFilter, SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { CopyButton } from "../../components/ui/text/CopyButton.tsx";
import { Fact } from "../../components/ui/text/Facts.tsx";
import { MiddleCut } from "../../components/ui/text/MiddleCut.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatDuration, nanosBetween } from "../../format/duration.ts";
import { msOf } from "../../format/time.ts";
import { userLink } from "../../project/ownerLink.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useProject } from "../../project/useProject.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { tracesLink } from "../traces/index.ts";
import { OwnerFacts } from "./OwnerFacts.tsx";
import { TurnList } from "./TurnList.tsx";

/** How often a session that may continue is polled, in milliseconds, and below, for how long after its last span. */
const POLL_MS = 5_000;
const GOES_ON_FOR_MS = 600_000;

/** A session: its totals, and its traces as the turns of one conversation. */
export function SessionPage({ session }: { session: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const project = useProject();
  const listHref = projectLink("/sessions", { project });
  const whole = useQuery(
    trpc.sessions.get.queryOptions(
      { project, session },
      {
        refetchInterval: ({ state: { data } }) =>
          data !== undefined && Date.now() - msOf(data.totals.endUnixNano) < GOES_ON_FOR_MS ? POLL_MS : false,
      },
    ),
  );
  const turns = useInfiniteQuery(
    trpc.sessions.turns.infiniteQueryOptions(
      { project, session },
      { getNextPageParam: ({ next }) => next, enabled: whole.isSuccess, staleTime: 5_000 },
    ),
  );
  useShortcuts({ close: () => router.push(listHref) });

  // The totals are polled; the turns are refetched only when there are more of them.
  const { refetch } = turns;
  const size = whole.data === undefined ? null : `${whole.data.totals.traces} ${whole.data.totals.spans}`;
  const known = useRef(size);
  useEffect(() => {
    if (known.current !== null && known.current !== size) void refetch();
    known.current = size;
  }, [size, refetch]);

  if (whole.isError) {
    const failure = failureOf(whole.error);
    if (failure.code !== "not_found") return <ErrorState failure={failure} onRetry={() => void whole.refetch()} />;
    return (
      <EmptyState icon={SearchX} title="This session is not here">
        <p className="font-mono text-sm [overflow-wrap:anywhere]">{session}</p>
        <p>{failure.hint ?? failure.message}</p>
        <Link href={listHref} className={buttonStyle()}>
          Go to sessions
        </Link>
      </EmptyState>
    );
  }
  const totals = whole.data?.totals;
  const window = whole.data?.window;
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to sessions" }}
        name={`Session ${session}`}
        hint={session}
        title={
          <>
            Session
            <span className="min-w-0 font-mono text-md font-medium">
              <MiddleCut text={session} />
            </span>
          </>
        }
        state={<CopyButton text={session} label="session id" />}
        actions={
          window !== undefined && (
            <Link
              href={tracesLink({ project, session: [session], from: isoOf(window.from), to: isoOf(window.to) })}
              className={buttonStyle()}
            >
              <ListFilter className="size-3.5" aria-hidden />
              In the trace list
            </Link>
          )
        }
      >
        {totals === undefined ? (
          <Skeleton className="my-1 w-2/3" />
        ) : (
          <OwnerFacts totals={totals} traces="Turns">
            <Fact label="Began">
              <TimeText unixNano={totals.firstUnixNano} withDate />
            </Fact>
            <Fact label="Lasted">{formatDuration(nanosBetween(totals.firstUnixNano, totals.endUnixNano))}</Fact>
            {totals.others.length > 0 && (
              <Fact label={totals.othersCount === 1 ? "User" : "Users"}>
                <span className="inline-flex gap-2.5 align-bottom">
                  {totals.others.slice(0, 3).map((user) => (
                    <Link
                      key={user}
                      href={userLink(user, project)}
                      title={user}
                      aria-label={user}
                      className="inline-flex min-w-0 max-w-40 font-mono text-sm text-accent hover:underline"
                    >
                      <MiddleCut text={user} />
                    </Link>
                  ))}
                  {totals.othersCount > 3 && <span className="shrink-0 text-faint">and {totals.othersCount - 3} more</span>}
                </span>
              </Fact>
            )}
          </OwnerFacts>
        )}
      </PageHeader>
      {turns.isError && turns.data === undefined ? (
        <ErrorState failure={failureOf(turns.error)} onRetry={() => void turns.refetch()} />
      ) : (
        <TurnList
          turns={turns.data?.pages.flatMap((page) => page.turns)}
          project={project}
          footer={
            turns.hasNextPage && (
              <Button onClick={() => void turns.fetchNextPage()} disabled={turns.isFetchingNextPage}>
                {turns.isFetchingNextPage ? "Loading…" : "Show more turns"}
              </Button>
            )
          }
        />
      )}
    </>
  );
}

/** A time rounded up to the next millisecond, so that everything that began until then is in the range. */
const isoOf = (unixNano: string): string => new Date(Number((BigInt(unixNano) + 999_999n) / 1_000_000n)).toISOString();
