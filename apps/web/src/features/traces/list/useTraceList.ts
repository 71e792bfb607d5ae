"use client";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import type { ListParams } from "./listParams.ts";
import { listInputOf } from "./listParams.ts";
import { mergeLive, takeIn } from "./mergeLive.ts";

const PAGE_ROWS = 50;

/** How often to ask whether anything arrived; the list itself is asked for again only when something did. */
const PULSE_MS = 500;

/**
 * The traces that the URL asks for, page by page. While `isLive`, or as long as there are none, the newest are
 * asked for whenever spans arrive: what changed in a row on screen is shown at once, new rows wait in
 * `freshCount` until `takeFresh`, or come by themselves while `mayMove`. Nothing is asked for unless `isAsked`.
 */
export function useTraceList(params: ListParams, { isAsked, isLive, mayMove }: { isAsked: boolean; isLive: boolean; mayMove: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const input = { ...listInputOf(params), limit: PAGE_ROWS };

  const paged = trpc.traces.list.infiniteQueryOptions(input, {
    getNextPageParam: (page) => page.next,
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const pages = useInfiniteQuery(paged);
  const shown = pages.data?.pages.flatMap((page) => page.traces) ?? [];
  const isWatching = pages.isSuccess && (isLive || shown.length === 0);
  const pulse = useQuery(trpc.traces.pulse.queryOptions(undefined, { enabled: isWatching, refetchInterval: PULSE_MS, staleTime: 0 }));
  const newest = useQuery(trpc.traces.list.queryOptions(input, { enabled: isWatching && pulse.isSuccess, staleTime: 0 }));
  const { refetch } = newest;
  useEffect(() => {
    if (pulse.data !== undefined) void refetch();
  }, [pulse.data, refetch]);
  const newestTraces = isWatching ? (newest.data?.traces ?? []) : [];
  const { rows, fresh, isGap } = mergeLive(shown, newestTraces, PAGE_ROWS);
  const freshCount = pages.isSuccess ? fresh.length : 0;

  const { queryKey } = paged;
  const newestPage = newest.data;
  const takeFresh = useCallback(() => {
    if (newestPage === undefined) return;
    queryClient.setQueryData(queryKey, (old) => {
      const [first, ...rest] = old?.pages ?? [];
      if (first === undefined) return old;
      const known = old?.pages.flatMap((page) => page.traces) ?? [];
      const merged = mergeLive(known, newestPage.traces, PAGE_ROWS);
      if (merged.isGap || known.length === 0) return { pages: [newestPage], pageParams: [null] };
      // The last page that was loaded knows what follows; that it is null says that nothing does.
      const last = rest.at(-1) ?? first;
      return { pages: [{ traces: takeIn(merged.rows, merged.fresh), next: last.next }], pageParams: [null] };
    });
  }, [queryClient, queryKey, newestPage]);

  const comesByItself = freshCount > 0 && (mayMove || shown.length === 0);
  useEffect(() => {
    if (comesByItself) takeFresh();
  }, [comesByItself, takeFresh]);

  return {
    rows,
    freshCount: comesByItself ? 0 : freshCount,
    /** Whether looking for new traces fails at the moment; it goes on by itself. */
    isLost: isWatching && (pulse.failureCount > 0 || pulse.isError || newest.isError),
    hasMoreFresh: isGap,
    takeFresh,
    isPending: pages.isPending,
    error: pages.isError ? pages.error : null,
    retry: () => void pages.refetch(),
    hasOlder: pages.hasNextPage,
    /** How far back the list was searched, decimal nanoseconds, when that is not its whole time. */
    searchedTo: pages.data?.pages.at(-1)?.next?.startTimeUnixNano ?? null,
    isLoadingOlder: pages.isFetchingNextPage,
    loadOlder: () => void pages.fetchNextPage(),
  };
}
