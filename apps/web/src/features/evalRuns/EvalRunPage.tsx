"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { lineText } from "@signalbox/model";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { Button } from "../../components/ui/form/Button.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { Tabs } from "../../components/ui/layout/Tabs.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { type Column, DataTable } from "../../components/ui/table/DataTable.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { formatScore } from "../../format/scores.ts";
import { unixNanoOf } from "../../format/time.ts";
import { projectLink } from "../../project/projectParam.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { JudgeBadge, JudgeText } from "../judges/index.ts";
import { TraceListSkeleton } from "../traces/index.ts";
import { ClassesPanel } from "./ClassesPanel.tsx";
import { RunState } from "./EvalRunListPage.tsx";
import { compareLink, RUN_PARAMS } from "./evalLinks.ts";
import { ScoreWithInterval } from "./figures.tsx";
import { TraceLink, TryDialog, type TryRow } from "./TryDialog.tsx";

type Detail = RouterOutputs["evalRuns"]["read"];
type ScorerRow = Detail["scorers"][number];

const EVERYTHING = "*";

const SCORER_COLUMNS: SimpleColumn<ScorerRow>[] = [
  {
    id: "name",
    header: "Scorer",
    cell: ({ name, judged }) => (
      <span className="flex items-center gap-2">
        <span className="font-medium">{name}</span>
        {judged !== null && <JudgeBadge standing={judged.standing} />}
      </span>
    ),
  },
  { id: "mean", header: "Mean", cell: ({ mean, tries }) => (tries === 0 ? "–" : <ScoreWithInterval {...mean} />) },
  {
    id: "passed",
    header: "Passed",
    align: "end",
    cell: ({ passed, tries, unscored }) => (
      <span className="whitespace-nowrap">
        {passed === null ? "–" : `${formatCount(passed)} of ${formatCount(tries)}`}
        {unscored > 0 && <span className="text-muted"> · {formatCount(unscored)} without a score</span>}
      </span>
    ),
  },
  {
    id: "passK",
    header: <span title="The chance that all of k tries of an item pass, for every k">pass^k</span>,
    isElastic: true,
    cell: ({ passK }) => (
      <span className="flex gap-4">
        {passK.slice(1, 5).map(({ k, passHatK, lacking }) => (
          <span key={k} className="whitespace-nowrap">
            <span className="text-faint">k = {k}</span> <ScoreWithInterval {...passHatK} />
            {lacking > 0 && <span className="text-muted"> · without {formatCount(lacking)} items of fewer tries</span>}
          </span>
        ))}
      </span>
    ),
  },
];

/** How trustworthy each judge among the scorers is. */
function Judges({ scorers }: { scorers: readonly ScorerRow[] }) {
  const judged = scorers.flatMap((scorer) => scorer.judged ?? []);
  if (judged.length === 0) return null;
  return (
    <ul aria-label="Judges" className="border-t border-line px-4 py-2 text-sm">
      {judged.map((one) => (
        <li key={one.scoreName}>
          <span className="font-medium">{one.scoreName}</span> <JudgeText {...one} />
        </li>
      ))}
    </ul>
  );
}

function tryColumns(detail: Detail, project: string): Column<TryRow>[] {
  const scorers = detail.scorers.slice(0, 6);
  return [
    {
      id: "input",
      header: "Input",
      width: "minmax(10rem, 3fr)",
      cell: ({ input, itemId, trial }) => (
        <span className="truncate">
          {lineText(input) || itemId}
          {detail.run.trials > 1 && <span className="text-faint"> · {trial + 1}</span>}
        </span>
      ),
    },
    {
      id: "answer",
      header: "Answer",
      width: "minmax(10rem, 3fr)",
      cell: ({ error, output }) =>
        error === null ? (
          <span className="truncate text-muted">{lineText(output)}</span>
        ) : (
          <span className="truncate text-danger" title={error}>
            {error}
          </span>
        ),
    },
    ...scorers.map(
      ({ name }, index): Column<TryRow> => ({
        id: `score-${name}`,
        header: <span className="truncate">{name}</span>,
        width: "6.5rem",
        align: "end",
        ...(index === 0 ? {} : { hideBelowPx: 700 + 110 * index }),
        cell: ({ scores }) => {
          const score = scores.find((one) => one.name === name);
          if (score === undefined || score.isFailure) return <span title={score?.explanation}>–</span>;
          return <Badge tone={score.passed === null ? "plain" : score.passed ? "clear" : "danger"}>{formatScore(score.value)}</Badge>;
        },
      }),
    ),
    {
      id: "item",
      header: "Item",
      width: "7rem",
      hideBelowPx: 1_000,
      cell: ({ itemId }) => (
        <span className="truncate font-mono text-xs text-faint" title={itemId}>
          {itemId}
        </span>
      ),
    },
    {
      id: "latency",
      header: "Took",
      width: "5rem",
      align: "end",
      hideBelowPx: 640,
      cell: ({ latencyMs }) => `${formatCount(Math.round(latencyMs))} ms`,
    },
    {
      id: "trace",
      header: "",
      width: "5rem",
      cell: ({ traceId }) => (
        <span className="relative z-1">
          <TraceLink traceId={traceId} project={project} label="Trace" />
        </span>
      ),
    },
  ];
}

function RunFacts({ run, overall, labels }: Pick<Detail, "run" | "overall" | "labels">) {
  return (
    <Facts>
      <Fact label="State">
        <RunState run={run} />
      </Fact>
      {run.note !== null && <Fact label="Stopped">{run.note}</Fact>}
      <Fact label="Dataset">
        {run.dataset}
        {run.split !== undefined && `, ${run.split}`}
      </Fact>
      <Fact label="Target">
        <span className="font-mono text-xs">{run.target}</span>
      </Fact>
      <Fact label="Tries">
        {formatCount(run.finished)} of {formatCount(run.items * run.trials)}
      </Fact>
      <Fact label="Failed">
        <span className={run.failed > 0 ? "font-medium text-danger" : ""}>{formatCount(run.failed)}</span>
      </Fact>
      {overall.map(({ name, value, label, explanation }) => (
        <Fact key={name} label={`${name}, overall`}>
          <span title={explanation}>{value === null ? label : formatScore(value)}</span>
        </Fact>
      ))}
      {[...Map.groupBy(labels, ({ name }) => name)].map(([name, given]) => (
        <Fact key={name} label={name}>
          {given.map(({ label, runs }) => `${label} ${formatCount(runs)}`).join(", ")}
        </Fact>
      ))}
      <Fact label="Began">
        <TimeText unixNano={unixNanoOf(run.createdAt)} withDate />
      </Fact>
      <Fact label="By">{run.actor}</Fact>
      <Fact label="Run">
        <CopyableId id={run.id} label="run id" />
      </Fact>
    </Facts>
  );
}

/** The project's other runs to compare with: the run on the page is the candidate. */
function CompareWith({ run, project }: { run: Detail["run"]; project: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const runs = useQuery(trpc.evalRuns.list.queryOptions({ project }));
  const others = runs.data?.filter(({ id }) => id !== run.id) ?? [];
  if (others.length === 0) return null;
  const sameFirst = others.toSorted(
    (one, other) => Number(other.datasetHash === run.datasetHash) - Number(one.datasetHash === run.datasetHash),
  );
  return (
    <Select
      label="Compare with a baseline"
      value=""
      options={[{ value: "", label: "Compare with…" }, ...sameFirst.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(baseline) => baseline !== "" && router.push(compareLink([baseline, run.id], project))}
    />
  );
}

/** A run: its scorers' results, and its tries, failed ones first. */
export function EvalRunPage({ id }: { id: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, view, failing }, setParams] = useQueryStates(RUN_PARAMS, { history: "push" });
  const [shown, setShown] = useState<TryRow | null>(null);
  const found = useQuery(
    trpc.evalRuns.read.queryOptions(
      { project, id },
      { refetchInterval: ({ state }) => (state.data?.run.endedAt === null ? 5_000 : false) },
    ),
  );
  const tries = useInfiniteQuery(
    trpc.evalRuns.tries.infiniteQueryOptions(
      { project, id, filter: failing === null ? {} : { failing } },
      { getNextPageParam: ({ next }) => next, placeholderData: (previous) => previous },
    ),
  );
  const listHref = projectLink("/evals", { project });
  useShortcuts({ close: () => (shown === null ? router.push(listHref) : setShown(null)) });
  const rows = tries.data?.pages.flatMap((page) => page.tries) ?? [];
  const total = tries.data?.pages[0]?.total ?? 0;
  const triesPanel = (detail: Detail) => (
    <>
      <div className="flex min-h-10 shrink-0 items-center gap-3 border-b border-line bg-surface px-4">
        <h2 className="text-sm font-semibold">Tries</h2>
        <Select
          label="Which tries"
          value={failing ?? EVERYTHING}
          options={[
            { value: EVERYTHING, label: "All, failed first" },
            ...detail.scorers.flatMap(({ name, passed }) => (passed === null ? [] : [{ value: name, label: `Not passed by ${name}` }])),
          ]}
          onChange={(chosen) => void setParams({ failing: chosen === EVERYTHING ? null : chosen })}
        />
        <span className="text-sm text-faint tabular-nums">{formatCount(total)}</span>
      </div>
      <DataTable
        label="Tries of this run"
        columns={tryColumns(detail, project)}
        rows={rows}
        rowKey={({ position, trial }) => `${position}/${trial}`}
        onOpen={setShown}
        footer={
          tries.hasNextPage && (
            <div className="flex h-12 items-center gap-3 px-4">
              <Button size="small" onClick={() => void tries.fetchNextPage()} disabled={tries.isFetchingNextPage}>
                {tries.isFetchingNextPage ? "Loading…" : "Load more"}
              </Button>
            </div>
          )
        }
      />
    </>
  );
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to eval runs" }}
        title={found.data?.run.name ?? "Eval run"}
        hint={found.data?.run.name ?? "Eval run"}
        actions={found.data !== undefined && <CompareWith run={found.data.run} project={project} />}
      >
        {found.data !== undefined && <RunFacts {...found.data} />}
      </PageHeader>
      {found.isError && (
        <ErrorState
          failure={failureOf(found.error)}
          wayOut={{ href: listHref, label: "All eval runs" }}
          onRetry={() => void found.refetch()}
        />
      )}
      {tries.isError && !found.isError && <ErrorState failure={failureOf(tries.error)} onRetry={() => void tries.refetch()} />}
      {tries.isPending && <TraceListSkeleton label="Loading tries" />}
      {found.data !== undefined && tries.data !== undefined && (
        <>
          <div className="shrink-0 border-b border-line bg-surface">
            <SimpleTable label="Scorers" columns={SCORER_COLUMNS} rows={found.data.scorers} rowKey={({ name }) => name} />
            <Judges scorers={found.data.scorers} />
          </div>
          {found.data.classes.length === 0 ? (
            triesPanel(found.data)
          ) : (
            <Tabs
              label="What is shown"
              value={view}
              onChange={(chosen) => void setParams({ view: chosen })}
              panelClassName="flex flex-col"
              tabs={[
                { value: "tries", label: "Tries", panel: triesPanel(found.data) },
                {
                  value: "classes",
                  label: "Classes",
                  panel: (
                    <ScrollRegion label="Classes" className="min-h-0 flex-1 bg-surface">
                      {found.data.classes.map((classes) => (
                        <ClassesPanel key={classes.scorer} classes={classes} />
                      ))}
                    </ScrollRegion>
                  ),
                },
              ]}
            />
          )}
        </>
      )}
      <TryDialog shown={shown} project={project} onClose={() => setShown(null)} />
    </>
  );
}
