"use client";
import { useQuery } from "@tanstack/react-query";
import { Columns2 } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { classNames } from "../../components/ui/classNames.ts";
import { buttonStyle } from "../../components/ui/form/Button.tsx";
import { Checkbox } from "../../components/ui/form/Checkbox.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { unixNanoOf } from "../../format/time.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { compareLink, replayLink } from "./replayLinks.ts";
import { divergencePlace, type KeptReplay, outcomeWord, planText } from "./words.ts";

const POLL_MS = 3_000;

/** The replays of a task, latest first; two finished ones can be compared. */
export function TaskReplays({ project, taskId, currentId = null }: { project: string; taskId: string; currentId?: string | null }) {
  const trpc = useTRPC();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const found = useQuery(
    trpc.replays.list.queryOptions(
      { project, taskId },
      {
        refetchInterval: ({ state: { data } }) =>
          data?.some(({ status }) => status === "pending" || status === "running") === true ? POLL_MS : false,
      },
    ),
  );
  const replays = found.data ?? [];
  // A third choice replaces the first.
  const choose = (id: string, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, id].slice(-2) : chosen.filter((one) => one !== id));
  const [a, b] = chosen;
  return (
    <Panel
      title="Replays"
      aside={
        a !== undefined && b !== undefined ? (
          <Link href={compareLink(a, b, project)} className={buttonStyle({ size: "small" })}>
            <Columns2 className="size-3.5" aria-hidden />
            Side by side
          </Link>
        ) : (
          replays.length > 1 && <span className="text-xs text-faint">choose two to compare</span>
        )
      }
      className="shrink-0"
    >
      {found.isPending && <Skeleton className="m-4 w-1/2" />}
      {found.isError && <p className="px-4 py-3 text-sm text-danger">{failureOf(found.error).message}</p>}
      {found.isSuccess && replays.length === 0 && (
        <p className="px-4 py-3 text-sm text-muted">Nobody replayed this task. Fork it from the moment that you want to change.</p>
      )}
      <ul className="divide-y divide-line/60">
        {replays.map((replay) => (
          <Entry
            key={replay.id}
            replay={replay}
            project={project}
            isCurrent={replay.id === currentId}
            isChosen={chosen.includes(replay.id)}
            onChoose={(isChosen) => choose(replay.id, isChosen)}
          />
        ))}
      </ul>
    </Panel>
  );
}

function Entry({
  replay,
  project,
  isCurrent,
  isChosen,
  onChoose,
}: {
  replay: KeptReplay;
  project: string;
  isCurrent: boolean;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}) {
  const { id, plan, status, divergence, error, createdAt, actor } = replay;
  const word = outcomeWord(replay);
  const what = error?.message ?? (divergence === null ? null : `parts at ${divergencePlace(divergence)}`);
  return (
    <li className={classNames("flex items-start gap-3 px-4 py-2 text-sm", isCurrent && "bg-accent-soft")}>
      <Checkbox checked={isChosen} onChange={onChoose} disabled={status !== "done"}>
        <span className="sr-only">Compare the replay {planText(plan)}</span>
      </Checkbox>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
          <WordBadge word={word} />
          {isCurrent ? (
            <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{planText(plan)}</span>
          ) : (
            <Link href={replayLink(id, project)} className="min-w-0 text-accent [overflow-wrap:anywhere] hover:underline">
              {planText(plan)}
            </Link>
          )}
        </p>
        {what !== null && (
          <p className="truncate text-xs text-muted" title={what}>
            {what}
          </p>
        )}
        <p className="text-xs text-faint">
          <TimeText unixNano={unixNanoOf(createdAt)} /> by {actor}
        </p>
      </div>
    </li>
  );
}
