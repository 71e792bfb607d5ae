"use client";
import { canaryOf, isUnderWay, weightOf } from "@signalbox/model";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import type { Column } from "../../components/ui/table/DataTable.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { formatWeight } from "./amounts.ts";
import { type ListedRollout, type Rollout, rolloutLink } from "./rolloutParams.ts";
import { PHASES } from "./words.ts";

const REFETCH_MS = 10_000;

/** The live detail of an unfinished rollout. */
function useLive(rollout: Rollout) {
  const trpc = useTRPC();
  const isLive = isUnderWay(rollout);
  return useQuery(trpc.rollouts.byId.queryOptions({ id: rollout.id }, { enabled: isLive, refetchInterval: REFETCH_MS })).data;
}

function WeightCell({ rollout }: { rollout: Rollout }) {
  const drift = useLive(rollout)?.drift;
  const isApart = drift?.sentence !== null && drift?.sentence !== undefined;
  if (!isUnderWay(rollout)) return <span className="text-muted">{formatWeight(weightOf(rollout))}</span>;
  return (
    <span className="truncate" title={drift?.sentence ?? "What the candidate should have of the units, and what it had lately"}>
      {formatWeight(weightOf(rollout))}{" "}
      <span className={isApart ? "font-medium text-caution" : "text-faint"}>/ {formatWeight(drift?.observed ?? null)}</span>
    </span>
  );
}

/** The units of a rollout: those of its last look if it is over, of its latest look if it is under way. */
function UnitsCell({ rollout }: { rollout: ListedRollout }) {
  const units = useLive(rollout)?.verdict?.units ?? rollout.units;
  if (units === null) return <span className="text-faint">not looked at</span>;
  return (
    <span title="Settled units of the candidate, and of the stable version">
      {formatCount(units.candidate)} <span className="text-faint">/ {formatCount(units.stable)}</span>
    </span>
  );
}

/** The columns of the list; `ofAll` if it covers all projects. */
export function rolloutColumns(ofAll: boolean): Column<ListedRollout>[] {
  return [
    { id: "phase", header: "Phase", width: "6.5rem", cell: ({ phase }) => <WordBadge word={PHASES[phase]} /> },
    ...(ofAll
      ? [
          {
            id: "project",
            header: "Project",
            width: "minmax(6rem, 0.7fr)",
            cell: ({ project }) => (
              <span className="truncate" title={project}>
                {project}
              </span>
            ),
          } satisfies Column<ListedRollout>,
        ]
      : []),
    {
      id: "gate",
      header: "Gate",
      width: "minmax(8rem, 0.8fr)",
      hideBelowPx: 900,
      cell: ({ gate }) => (
        <span className="truncate text-muted" title={gate}>
          {gate}
        </span>
      ),
    },
    {
      id: "versions",
      header: "Candidate, and the stable version",
      width: "minmax(13rem, 2fr)",
      cell: ({ id, project, candidate, stable }) => (
        <span className="flex min-w-0 items-baseline gap-1.5 font-mono text-xs">
          <Link href={rolloutLink(id, project)} className="truncate font-medium hover:underline" title={candidate}>
            {candidate}
          </Link>
          <ArrowLeft className="size-3 shrink-0 self-center text-faint" aria-label="in the place of" />
          <span className="truncate text-muted" title={stable}>
            {stable}
          </span>
        </span>
      ),
    },
    {
      id: "step",
      header: "Step",
      width: "4rem",
      align: "end",
      cell: (rollout) => `${rollout.step + 1} of ${canaryOf(rollout).steps.length}`,
    },
    {
      id: "weight",
      header: <span title="The candidate's share of the units: wanted, and observed lately">Weight</span>,
      width: "6.5rem",
      align: "end",
      cell: (rollout) => <WeightCell rollout={rollout} />,
    },
    {
      id: "units",
      header: <span title="Settled units of the candidate, and of the stable version">Units</span>,
      width: "6.5rem",
      align: "end",
      hideBelowPx: 1_100,
      cell: (rollout) => <UnitsCell rollout={rollout} />,
    },
    { id: "since", header: "Began", width: "7rem", cell: ({ startedAt }) => <TimeText unixNano={unixNanoOf(startedAt)} withDate /> },
    {
      id: "reason",
      header: "What is so",
      width: "minmax(10rem, 3fr)",
      cell: ({ reason }) => (
        <span className="truncate text-muted" title={reason}>
          {reason}
        </span>
      ),
    },
  ];
}
