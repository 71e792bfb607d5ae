"use client";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useEffect } from "react";
import { WordBadge } from "../../../components/ui/badge/WordBadge.tsx";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Select } from "../../../components/ui/form/Select.tsx";
import { PageHeader } from "../../../components/ui/layout/PageHeader.tsx";
import { EmptyState } from "../../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { DataTable } from "../../../components/ui/table/DataTable.tsx";
import { CopyableId } from "../../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../../components/ui/text/Facts.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { unixNanoOf } from "../../../format/time.ts";
import { groupLink } from "../../../project/groupLink.ts";
import { PROJECT_PARAM, projectLink } from "../../../project/projectParam.ts";
import { useShortcuts } from "../../../shortcuts/index.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { TraceListSkeleton } from "../../traces/index.ts";
import { CancelReplay } from "../CancelReplay.tsx";
import { NoWorkerNotice } from "../NoWorkerNotice.tsx";
import { PausedNotice } from "../PausedNotice.tsx";
import { ReplaySkeleton } from "../ReplaySkeleton.tsx";
import { BATCH_PARAMS, replayLink } from "../replayLinks.ts";
import { type Batch, isUnderWay, type KeptReplay, planText, SHARE_NAMES, SHARES, type Share } from "../words.ts";
import { BatchShares } from "./BatchShares.tsx";
import { batchColumns } from "./batchColumns.tsx";

const POLL_MS = 1_500;

const UNDER_WAY = { label: "Under way", title: "Workers go through them; this page follows", tone: "accent" } as const;
const ENDED = { label: "Ended", title: "Every replay has ended", tone: "clear" } as const;

/** Replays that were asked for together: how far they are, what came of them, and each of them. */
export function BatchPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const [{ project }] = useQueryStates(PROJECT_PARAM);
  const found = useQuery(
    trpc.replays.batches.get.queryOptions(
      { project, id },
      { refetchInterval: ({ state: { data } }) => (data !== undefined && isUnderWay(data) ? POLL_MS : false) },
    ),
  );
  if (found.data !== undefined) return <BatchScreen batch={found.data} project={project} />;
  if (!found.isError) return <ReplaySkeleton />;
  const failure = failureOf(found.error);
  if (failure.code === "not_found" || failure.code === "invalid_input")
    return (
      <EmptyState icon={SearchX} title="These replays are not here">
        <CopyableId id={id} label="batch id" />
        <p>They may belong to another project, or have been erased with their tasks.</p>
      </EmptyState>
    );
  return <ErrorState failure={failure} onRetry={() => void found.refetch()} />;
}

function BatchScreen({ batch, project }: { batch: Batch; project: string }) {
  const router = useRouter();
  const [{ share }, setParams] = useQueryStates(BATCH_PARAMS, { history: "push" });
  const { id, origin, plan, actor, createdAt, counts, replays, wanted } = batch;
  const back =
    origin !== null && "fingerprint" in origin
      ? { href: groupLink(origin.fingerprint, project), label: "Back to its group" }
      : { href: projectLink("/dead-letters", { project }), label: "Back to dead letters" };
  useShortcuts({ close: () => router.push(back.href) });
  return (
    <>
      <PageHeader
        back={back}
        title={titleOf(origin)}
        state={<WordBadge word={isUnderWay(batch) ? UNDER_WAY : ENDED} />}
        actions={isUnderWay(batch) && <CancelReplay project={project} id={id} left={counts.pending + counts.running} />}
      >
        <Facts>
          <Fact label="How">{planText(plan)}</Fact>
          {origin !== null && <OriginFact origin={origin} project={project} />}
          <Fact label="Tasks">{replays < wanted ? `${formatCount(replays)} of ${formatCount(wanted)} left` : formatCount(wanted)}</Fact>
          <Fact label="Asked for by">{actor}</Fact>
          <Fact label="At">
            <TimeText unixNano={unixNanoOf(createdAt)} withDate />
          </Fact>
          <Fact label="For gate check --candidate">
            <CopyableId id={`replay:${id}`} label="what gate check takes as its candidate" />
          </Fact>
        </Facts>
      </PageHeader>
      <section aria-label="What came of them" className="shrink-0 border-b border-line bg-surface px-4 py-3">
        <BatchShares batch={batch} />
        {counts.pending > 0 && plan.mode === "live" && <PausedNotice project={project} />}
        {counts.pending > 0 && counts.running === 0 && <NoWorkerNotice />}
        {replays < wanted && (
          <p className="text-sm text-caution">
            {formatCount(wanted - replays)} of {formatCount(wanted)} replays are not on record any more: they went with their tasks, or with
            the project's retention. A gate does not judge what is left.
          </p>
        )}
      </section>
      <div className="flex min-h-10 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <h2 className="text-sm font-semibold">Replays</h2>
        <Select
          label="What came of them"
          value={share ?? "all"}
          options={[
            { value: "all" as const, label: `All (${formatCount(replays)})` },
            ...SHARE_NAMES.filter((one) => counts[one] > 0 || one === share).map((value) => ({
              value,
              label: `${SHARES[value].label} (${formatCount(counts[value])})`,
            })),
          ]}
          onChange={(chosen) => void setParams({ share: chosen === "all" ? null : chosen })}
        />
      </div>
      <ReplayTable batch={batch} project={project} share={share} />
    </>
  );
}

function titleOf(origin: Batch["origin"]): string {
  if (origin === null) return "Replays asked for together";
  return "fingerprint" in origin ? "Replays of a group" : "Replays of a time";
}

/** The tasks that a batch is of: its group, or the time in which they were asked for. */
function OriginFact({ origin, project }: { origin: NonNullable<Batch["origin"]>; project: string }) {
  if ("fingerprint" in origin)
    return (
      <Fact label="Group">
        <Link href={groupLink(origin.fingerprint, project)} className="font-mono text-xs text-accent hover:underline">
          {origin.fingerprint}
        </Link>
      </Fact>
    );
  return (
    <Fact label="Asked for from">
      <TimeText unixNano={unixNanoOf(origin.since)} withDate /> until <TimeText unixNano={unixNanoOf(origin.until)} withDate />
    </Fact>
  );
}

function ReplayTable({ batch: { id, counts }, project, share }: { batch: Batch; project: string; share: Share | null }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const pages = useInfiniteQuery(
    trpc.replays.batches.replays.infiniteQueryOptions(
      { project, id, share },
      { getNextPageParam: ({ next }) => next, placeholderData: (previous) => previous },
    ),
  );
  const progress = JSON.stringify(counts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are read anew whenever the batch has moved on
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: trpc.replays.batches.replays.pathKey() });
  }, [progress]);
  if (pages.isPending) return <TraceListSkeleton label="Loading the replays" />;
  if (pages.isError) return <ErrorState failure={failureOf(pages.error)} onRetry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap(({ replays }) => replays);
  if (rows.length === 0) return <p className="px-4 py-6 text-muted">No replay is among these.</p>;
  const hrefOf = (row: KeptReplay): string => replayLink(row.id, project);
  return (
    <DataTable
      label="Replays of this batch"
      columns={batchColumns(hrefOf)}
      rows={rows}
      rowKey={(row) => row.id}
      onOpen={(row) => router.push(hrefOf(row))}
      footer={
        pages.hasNextPage && (
          <div className="flex h-12 items-center gap-3 px-4 text-sm text-faint">
            <span className="tabular-nums">{formatCount(rows.length)} so far</span>
            <Button size="small" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              Show more
            </Button>
          </div>
        )
      }
    />
  );
}
