"use client";
import { useQuery } from "@tanstack/react-query";
import { Mailbox, SearchX } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useRef } from "react";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { DataTable } from "../../components/ui/table/DataTable.tsx";
import { formatCount } from "../../format/amounts.ts";
import { groupLink } from "../../project/groupLink.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { QueuePausedNotice } from "../queue/index.ts";
import { TraceListSkeleton } from "../traces/index.ts";
import { type GroupRow, groupColumns } from "./groupColumns.tsx";
import { LetterChart, LetterChartSkeleton } from "./LetterChart.tsx";
import { LetterFilterBar } from "./LetterFilterBar.tsx";
import { filterOf, hasConditions, LETTER_PARAMS, type LetterParams, NO_CONDITIONS, RANGES } from "./letterParams.ts";
import { LetterActs } from "./redrive/LetterActs.tsx";
import { RedrivesUnderWay } from "./redrive/RedrivesUnderWay.tsx";
import { useBadge } from "./useBadge.ts";
import { STATES } from "./words.ts";

const GROUPS_MAX = 200;

/** The dead letters of a project, grouped by how they failed; state in the URL. */
export function DeadLetterListPage() {
  const trpc = useTRPC();
  const router = useRouter();
  const badge = useBadge();
  const [params, setParams] = useQueryStates(LETTER_PARAMS, { history: "push" });
  const { project, range, order, view } = params;
  const searchRef = useRef<HTMLInputElement>(null);
  const groups = useQuery(
    trpc.deadLetters.groups.queryOptions(
      { project, filter: filterOf(params), range, order, limit: GROUPS_MAX },
      { placeholderData: (previous) => previous, staleTime: 10_000 },
    ),
  );
  useShortcuts({ search: () => searchRef.current?.focus() });

  const hrefOf = ({ fingerprint }: GroupRow): string => groupLink(fingerprint, project);
  const rangeLabel = RANGES.find(({ value }) => value === range)?.label ?? range;
  const rows = groups.data?.groups ?? [];
  const isBehind = params.state === "open" && !hasConditions(params) && groups.data !== undefined && badge !== undefined;
  return (
    <>
      <LetterFilterBar
        params={params}
        versions={groups.data?.versions ?? []}
        searchRef={searchRef}
        onChange={(change) => void setParams(change)}
      >
        {groups.isSuccess && rows.length > 0 && params.state === "open" && (
          <LetterActs
            project={project}
            subject={{
              selection: { kind: "filter", filter: filterOf(params) },
              title: `All open letters${hasConditions(params) ? " that match" : ""}`,
            }}
            isOff={false}
          />
        )}
        <Link href={projectLink("/dead-letters/redrives", { project })} className={buttonStyle({ tone: "quiet" })}>
          Redrives
        </Link>
        <Link href={projectLink("/dead-letters/rules", { project })} className={buttonStyle({ tone: "quiet" })}>
          Rules
        </Link>
        {isBehind && badge.open !== groups.data?.lettersCount && (
          <Button tone="primary" onClick={() => void groups.refetch()}>
            Show what changed
          </Button>
        )}
      </LetterFilterBar>
      <QueuePausedNotice project={project} />
      <RedrivesUnderWay project={project} />
      {groups.isPending && (
        <>
          <LetterChartSkeleton />
          <TraceListSkeleton label="Loading dead letters" />
        </>
      )}
      {groups.isError && <ErrorState failure={failureOf(groups.error)} onRetry={() => void groups.refetch()} />}
      {groups.isSuccess && rows.length === 0 && (
        <NothingHere params={params} onClear={() => void setParams(NO_CONDITIONS)} onAll={() => void setParams({ state: "all" })} />
      )}
      {groups.isSuccess && rows.length > 0 && (
        <>
          <LetterChart
            counts={groups.data.steps.count === 0 ? [] : sumSteps(rows)}
            grid={groups.data.steps}
            view={view}
            onView={(chosen) => void setParams({ view: chosen })}
          />
          <DataTable
            label="Groups of dead letters"
            columns={groupColumns({ hrefOf, rangeLabel })}
            rows={rows}
            rowKey={({ fingerprint }) => fingerprint}
            onOpen={(row) => router.push(hrefOf(row))}
            footer={
              <p className="flex h-12 items-center px-4 text-sm text-faint tabular-nums">
                {listed(rows.length, groups.data.groupsCount)}, {formatCount(groups.data.lettersCount)}{" "}
                {params.state === "all" ? "letters" : `${STATES[params.state].label.toLowerCase()} letters`} in all.
              </p>
            }
          />
        </>
      )}
    </>
  );
}

/** The letters of all groups per step of time. */
function sumSteps(rows: readonly GroupRow[]): number[] {
  const [first] = rows;
  return (first?.lettersPerStep ?? []).map((_, step) => rows.reduce((total, row) => total + (row.lettersPerStep[step] ?? 0), 0));
}

function listed(shown: number, all: number): string {
  const groups = all === 1 ? "group" : "groups";
  return shown < all ? `The first ${formatCount(shown)} of ${formatCount(all)} ${groups}` : `${formatCount(all)} ${groups}`;
}

function NothingHere({ params, onClear, onAll }: { params: LetterParams; onClear: () => void; onAll: () => void }) {
  if (hasConditions(params))
    return (
      <EmptyState icon={SearchX} title="No dead letter matches">
        <p>There may be others in another state, of another kind, cause or version, or with other words in their message.</p>
        <Button onClick={onClear}>Clear all conditions</Button>
      </EmptyState>
    );
  if (params.state === "all")
    return (
      <EmptyState icon={Mailbox} title="No dead letters">
        <p>
          A task that used up its attempts, that no retry can help, or that kills its workers ends here, with its payload, every attempt and
          every decision; and so does telemetry that could not be taken in. None of this project did.
        </p>
      </EmptyState>
    );
  return (
    <EmptyState icon={Mailbox} title={`No ${STATES[params.state].label.toLowerCase()} dead letters`}>
      <p>
        {params.state === "open"
          ? "Nothing waits for you. A task that used up its attempts, that no retry can help, or that kills its workers ends here."
          : "No letter of this project is in this state."}
      </p>
      <Button onClick={onAll}>Show letters in any state</Button>
    </EmptyState>
  );
}
