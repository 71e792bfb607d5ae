"use client";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import type { ListParams } from "./listParams.ts";
import { listInputOf } from "./listParams.ts";
import { mergeLive, takeIn } from "./mergeLive.ts";

const PAGE_ROWS = 50;

/** How often to check for new spans, in milliseconds; the list itself is refetched only if something arrived. */
const PULSE_MS = 500;

/**
 * The traces that the URL asks for, page by page. While `isLive`, or as long as there are none, the newest page is refetched whenever spans
 * arrive: rows on screen are updated at once, new rows wait in `freshCount` until `takeFresh`, or appear by themselves while `mayMove`.
 * Nothing is fetched unless `isAsked`.
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
      // The last loaded page knows what follows; null means that nothing does.
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
    /** Whether polling for new traces currently fails; it retries by itself. */
    isLost: isWatching && (pulse.failureCount > 0 || pulse.isError || newest.isError),
    hasMoreFresh: isGap,
    takeFresh,
    isPending: pages.isPending,
    error: pages.isError ? pages.error : null,
    retry: () => void pages.refetch(),
    hasOlder: pages.hasNextPage,
    /** How far back the list was searched, in decimal nanoseconds, if that is not its whole time range. */
    searchedTo: pages.data?.pages.at(-1)?.next?.startTimeUnixNano ?? null,
    isLoadingOlder: pages.isFetchingNextPage,
    loadOlder: () => void pages.fetchNextPage(),
  };
}
