"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { LIST_LIMITS } from "@signalbox/api/client";
import { CalendarX2, SearchX } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useQueryStates } from "nuqs";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { SearchField } from "../../components/ui/form/FilterBar.tsx";
import { ScreenBar } from "../../components/ui/layout/ScreenBar.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { type Column, DataTable } from "../../components/ui/table/DataTable.tsx";
import { ListFooter } from "../../components/ui/table/ListFooter.tsx";
import { useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { rangeProblems, TimeRangePicker, TraceListSkeleton, UnusableFilters } from "../traces/index.ts";
import { OWNER_PARAMS } from "./ownerParams.ts";

export type OwnerRow = RouterOutputs["sessions"]["list"]["rows"][number];

/** The pages of the list, as its query returns them. */
export type OwnerPages = {
  data: { pages: RouterOutputs["sessions"]["list"][] } | undefined;
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
};

/** The differences between a list of sessions and one of users: words, columns and links. */
export type OwnerWords = { title: string; one: string; many: string; attribute: string };

/** The sessions or users active in a time range, latest first; state in the URL. */
export function OwnerList({
  words,
  pages,
  columns,
  hrefOf,
}: {
  words: OwnerWords;
  pages: OwnerPages;
  columns: readonly Column<OwnerRow>[];
  hrefOf: (row: OwnerRow) => string;
}) {
  const router = useRouter();
  const [params, setParams] = useQueryStates(OWNER_PARAMS, { history: "push" });
  const [isRangeOpen, setRangeOpen] = useState(false);
  const searchRef = useRef<HTMLInputElement>(null);
  const problems = rangeProblems(useSearchParams());
  useShortcuts({ search: () => searchRef.current?.focus(), timeRange: () => setRangeOpen(true) });

  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const isPending = pages.data === undefined && pages.error === null && problems.length === 0;
  const count = `${rows.length} ${rows.length === 1 ? words.one : words.many}`;
  return (
    <>
      <ScreenBar title={words.title} isSearch>
        <SearchField
          inputRef={searchRef}
          label={`Search ${words.one} ids`}
          text={params.q}
          charsMax={LIST_LIMITS.textCharsMax}
          onText={(q) => void setParams({ q: q === "" ? null : q })}
        />
        <div className="ml-auto">
          <TimeRangePicker range={params} onChange={(range) => void setParams(range)} isOpen={isRangeOpen} onOpenChange={setRangeOpen} />
        </div>
      </ScreenBar>
      {problems.length > 0 && <UnusableFilters problems={problems} onClear={(dropped) => void setParams(dropped)} />}
      {isPending && <TraceListSkeleton label={`Loading ${words.many}`} />}
      {pages.error !== null && <ErrorState failure={failureOf(pages.error)} onRetry={() => void pages.refetch()} />}
      {pages.data !== undefined && rows.length === 0 && (
        <NobodyThere
          words={words}
          search={params.q}
          onClear={() => void setParams({ q: null })}
          onWiden={() => void setParams({ range: "30d", from: null, to: null })}
        />
      )}
      {rows.length > 0 && pages.error === null && (
        <DataTable
          label={words.title}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          onOpen={(row) => router.push(hrefOf(row))}
          footer={
            <ListFooter pages={pages}>
              {count}
              {pages.hasNextPage ? " so far" : ", all of this time"}. Sums are of this time.
            </ListFooter>
          }
        />
      )}
    </>
  );
}

function NobodyThere({
  words,
  search,
  onClear,
  onWiden,
}: {
  words: OwnerWords;
  search: string;
  onClear: () => void;
  onWiden: () => void;
}): ReactNode {
  if (search !== "")
    return (
      <EmptyState icon={SearchX} title={`No ${words.one} id contains this text`}>
        <Button onClick={onClear}>Clear search {search}</Button>
      </EmptyState>
    );
  return (
    <EmptyState icon={CalendarX2} title={`No span of this time names a ${words.one}`}>
      <p>
        A sender names it in the attribute <code className="font-mono text-sm">{words.attribute}</code> of any span of a trace.
      </p>
      <Button onClick={onWiden}>Show the last 30 days</Button>
    </EmptyState>
  );
}
