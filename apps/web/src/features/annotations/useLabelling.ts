"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

export type Item = NonNullable<RouterOutputs["annotations"]["claim"]>;

/** The current item of a person, none left, or not known yet. */
type AtHand = { kind: "asking" } | { kind: "item"; item: Item } | { kind: "none" };

/** The earlier answer to an item that was undone. */
export type Said = { value: number | null; note: string };

/**
 * A person's way through a queue: the current item, the next one prefetched, and the possible actions. The next item is requested while the
 * person still reads the current one, so that moving on is instant.
 */
export function useLabelling(queue: { project: string; id: string }, person: string) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [atHand, setAtHand] = useState<AtHand>({ kind: "asking" });
  const [following, setFollowing] = useState<Item | null>(null);
  const [said, setSaid] = useState<Said | null>(null);
  const shownId = useRef<string | null>(null);
  const who = { ...queue, ...(person === "" ? {} : { person }) };
  const claim = useMutation(trpc.annotations.claim.mutationOptions());
  const label = useMutation(trpc.annotations.label.mutationOptions());
  const skip = useMutation(trpc.annotations.skip.mutationOptions());
  const undo = useMutation(trpc.annotations.undo.mutationOptions());

  const prepare = async (after: Item): Promise<void> => {
    const next = await claim.mutateAsync({ ...who, except: [after.id] });
    // A quick person has moved on meanwhile, and may have this very item already.
    if (next === null || shownId.current !== after.id) return;
    setFollowing(next);
    const { traceId } = next;
    await queryClient.prefetchQuery(trpc.traces.conversation.queryOptions({ project: queue.project, traceId }, { staleTime: 60_000 }));
  };
  const show = async (item: Item): Promise<void> => {
    shownId.current = item.id;
    setAtHand({ kind: "item", item });
    await prepare(item);
  };
  const take = async (item: Item | null): Promise<void> => {
    setSaid(null);
    setFollowing(null);
    shownId.current = null;
    if (item === null) setAtHand({ kind: "asking" });
    const taken = item ?? (await claim.mutateAsync({ ...who, except: [] }));
    if (taken === null) setAtHand({ kind: "none" });
    else await show(taken);
  };
  // The mutation's own state reports the failure.
  const run = (work: () => Promise<void>): void => void work().catch(() => undefined);
  const tellOthers = (): void => {
    void queryClient.invalidateQueries({ queryKey: trpc.annotations.queue.queryKey() });
    void queryClient.invalidateQueries({ queryKey: trpc.annotations.agreement.queryKey() });
    void queryClient.invalidateQueries({ queryKey: trpc.annotations.disagreements.pathKey() });
  };
  const settle = (work: (item: Item) => Promise<unknown>): void => {
    if (atHand.kind !== "item" || label.isPending || skip.isPending) return;
    const { item } = atHand;
    run(async () => {
      await work(item);
      tellOthers();
      await take(following);
    });
  };
  const start = useEffectEvent(() => run(() => take(null)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person or queue begins anew
  useEffect(() => start(), [person, queue.id, queue.project]);

  return {
    atHand,
    said,
    failure: label.error ?? skip.error ?? undo.error ?? (atHand.kind === "asking" ? claim.error : null),
    label: (value: number, note: string) => settle(({ id: itemId }) => label.mutateAsync({ ...who, itemId, value, note })),
    skip: (reason: string) => settle(({ id: itemId }) => skip.mutateAsync({ ...who, itemId, note: reason })),
    undo: () =>
      run(async () => {
        const last = await undo.mutateAsync(who);
        if (last === null) return;
        tellOthers();
        setSaid({ value: last.annotation.value, note: last.annotation.note });
        setFollowing(null);
        await show(last.item);
      }),
    retry: () => run(() => take(null)),
  };
}
