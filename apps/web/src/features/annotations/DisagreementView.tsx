"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { CheckCheck } from "lucide-react";
import { useState } from "react";
import { Badge } from "../../components/ui/badge/Badge.tsx";
import { classNames } from "../../components/ui/classNames.ts";
import { Button } from "../../components/ui/form/Button.tsx";
import { FormFailure } from "../../components/ui/form/FormFailure.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { Splitter } from "../../components/ui/layout/Splitter.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { Kbd } from "../../components/ui/text/Kbd.tsx";
import { usePreference } from "../../preferences/usePreference.ts";
import { type Actions, type ShortcutId, useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { ItemConversation } from "./ItemConversation.tsx";

type Disagreement = RouterOutputs["annotations"]["disagreements"]["disagreements"][number];

const STACK_BELOW_PX = 760;

/** The items on which people disagree: each with everyone's answer, and a final answer by one key. */
export function DisagreementView({ detail, person }: { detail: RouterOutputs["annotations"]["queue"]; person: string }) {
  const { queue, answers } = detail;
  const { project, id } = queue;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [percent, setPercent] = usePreference("labellingPercent");
  const [chosenId, setChosenId] = useState<string | null>(null);
  const found = useInfiniteQuery(
    trpc.annotations.disagreements.infiniteQueryOptions({ project, id }, { getNextPageParam: ({ next }) => next ?? undefined }),
  );
  const settle = useMutation(
    trpc.annotations.settle.mutationOptions({ onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.annotations.pathKey() }) }),
  );
  const rows = found.data?.pages.flatMap(({ disagreements }) => disagreements) ?? [];
  const at = Math.max(
    0,
    rows.findIndex(({ item }) => item.id === chosenId),
  );
  const current = rows[at];
  const move = (by: 1 | -1): void => setChosenId(rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.item.id ?? null);
  const say = (value: number): void => {
    if (current === undefined || settle.isPending) return;
    settle.mutate({ project, id, itemId: current.item.id, value, ...(person === "" ? {} : { person }) });
  };
  const digits: Actions = Object.fromEntries(answers.map(({ value }, place) => [`answer${place + 1}` as ShortcutId, () => say(value)]));
  useShortcuts({ ...digits, next: () => move(1), previous: () => move(-1) });
  if (found.isPending) return <Skeleton className="m-4 h-60" />;
  if (found.isError) return <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />;
  if (current === undefined)
    return (
      <EmptyState icon={CheckCheck} title="Nobody disagrees">
        <p>
          {queue.overlap === 1
            ? "One person labels each trace of this queue, so that nobody can say otherwise."
            : "No two people said different things of one trace so far."}
        </p>
      </EmptyState>
    );
  return (
    <Splitter
      direction="columns"
      percent={percent}
      onChange={setPercent}
      stackBelowPx={STACK_BELOW_PX}
      label="Width of the conversation"
      first={<ItemConversation key={current.item.id} project={project} traceId={current.item.traceId} spanId={current.item.spanId} />}
      second={
        <ScrollRegion label="Disagreements" className="min-h-0 flex-1 overflow-y-auto bg-surface p-4">
          <h2 className="text-md font-semibold">{queue.question}</h2>
          <p className="mt-1 text-sm text-muted">
            A digit settles the marked trace, <Kbd keys="J" /> and <Kbd keys="K" /> go on and back.
          </p>
          {settle.isError && <FormFailure error={settle.error} />}
          <ul className="mt-3 flex flex-col gap-2">
            {rows.map((row) => (
              <DisagreementCard
                key={row.item.id}
                row={row}
                isCurrent={row === current}
                answers={answers}
                onChoose={() => setChosenId(row.item.id)}
                onSay={say}
              />
            ))}
          </ul>
          {found.hasNextPage && (
            <Button className="mt-3" onClick={() => void found.fetchNextPage()} disabled={found.isFetchingNextPage}>
              Load more
            </Button>
          )}
        </ScrollRegion>
      }
    />
  );
}

function DisagreementCard({
  row,
  isCurrent,
  answers,
  onChoose,
  onSay,
}: {
  row: Disagreement;
  isCurrent: boolean;
  answers: RouterOutputs["annotations"]["queue"]["answers"];
  onChoose: () => void;
  onSay: (value: number) => void;
}) {
  const final = row.annotations.find(({ isFinal }) => isFinal);
  return (
    <li
      aria-current={isCurrent ? "true" : undefined}
      className={classNames("rounded-md border p-2.5 text-sm", isCurrent ? "border-accent bg-accent-soft" : "border-line")}
    >
      <button type="button" onClick={onChoose} className="mb-1.5 font-mono text-xs hover:underline">
        {row.item.traceId.slice(0, 12)}…
      </button>
      {final !== undefined && (
        <Badge tone="clear" className="ml-2">
          settled: {final.label}, by {final.person}
        </Badge>
      )}
      <dl className="flex flex-col gap-1">
        {row.annotations
          .filter(({ isFinal }) => !isFinal)
          .map(({ person, label, note }) => (
            <div key={person} className="flex gap-2">
              <dt className="text-muted">{person}</dt>
              <dd className="[overflow-wrap:anywhere]">
                <span className="font-medium">{label}</span>
                {note !== "" && <span className="text-muted"> · {note}</span>}
              </dd>
            </div>
          ))}
      </dl>
      {isCurrent && (
        <div className="mt-2.5 flex flex-wrap gap-1.5">
          {answers.map(({ value, label }, place) => (
            <Button key={value} size="small" onClick={() => onSay(value)}>
              {label} <Kbd keys={String(place + 1)} />
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}
