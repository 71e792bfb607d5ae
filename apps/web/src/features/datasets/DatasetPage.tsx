"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { LIST_LIMITS } from "@signalbox/api/client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { GitCompareArrows, Plus } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { useRef, useState } from "react";
import { Button, buttonStyle } from "../../components/ui/form/Button.tsx";
import { SearchField } from "../../components/ui/form/FilterBar.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { type Column, DataTable } from "../../components/ui/table/DataTable.tsx";
import { ListFooter } from "../../components/ui/table/ListFooter.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { unixNanoOf } from "../../format/time.ts";
import { projectLink } from "../../project/projectParam.ts";
import { keysOf, useShortcuts } from "../../shortcuts/index.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { datasetLink, diffLink, itemLink } from "../datasetItem/index.ts";
import { TraceListSkeleton } from "../traces/index.ts";
import { ITEM_PARAMS } from "./datasetParams.ts";
import { EmptyDataset } from "./EmptyDataset.tsx";
import { ItemDialog } from "./ItemDialog.tsx";
import { MissingDataset } from "./MissingDataset.tsx";
import { shortText } from "./shortText.ts";
import { versionOptions } from "./versionOptions.ts";

type Shown = RouterOutputs["datasets"]["version"];
type Item = RouterOutputs["datasets"]["items"]["items"][number];

const ALL_SPLITS = "";

function columnsOf(hrefOf: (item: Item) => string): Column<Item>[] {
  return [
    {
      ...{ id: "item", header: "Item", width: "minmax(9rem,1fr)" },
      cell: (item) => (
        <Link href={hrefOf(item)} tabIndex={-1} className="truncate font-mono text-xs hover:underline" title={item.id}>
          {item.id}
        </Link>
      ),
    },
    { id: "split", header: "Split", width: "6rem", cell: ({ split }) => <span className="truncate text-muted">{split}</span> },
    { id: "input", header: "Input", width: "minmax(12rem,4fr)", cell: ({ input }) => <span className="truncate">{shortText(input)}</span> },
    {
      ...{ id: "expected", header: "Expected", width: "minmax(8rem,2fr)", hideBelowPx: 700 },
      cell: ({ expectedOutput, expectedToolCalls }) => (
        <span className="truncate text-muted">{shortText(expectedOutput ?? expectedToolCalls?.map(({ name }) => name))}</span>
      ),
    },
  ];
}

/** A version of a dataset: its items in order, filtered by split and text. */
export function DatasetPage({ name }: { name: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, version }, setParams] = useQueryStates(ITEM_PARAMS, { history: "push" });
  const [isAdding, setAdding] = useState(false);
  const found = useQuery(trpc.datasets.version.queryOptions({ project, name, version }, { placeholderData: (previous) => previous }));
  const datasets = useQuery(trpc.datasets.list.queryOptions({ project }, { enabled: found.isError }));
  const isEmpty = found.isError && datasets.data?.some((one) => one.name === name && one.latest === null) === true;
  const listHref = projectLink("/datasets", { project });
  const latest = found.data?.dataset.latest?.number;
  const shown = found.data?.version.number;
  const isLatest = shown !== undefined && shown === latest;
  const base = isEmpty ? 0 : isLatest ? shown : null;
  const compareHref = shown === undefined || shown === 1 ? null : diffLink(name, project, shown - 1, shown);
  useShortcuts({
    close: () => router.push(listHref),
    ...(compareHref === null ? {} : { compareVersions: () => router.push(compareHref) }),
    ...(base === null ? {} : { addItem: () => setAdding(true) }),
  });
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: "Back to datasets" }}
        title={name}
        hint={name}
        actions={
          found.data !== undefined && (
            <>
              {compareHref !== null && (
                <Link href={compareHref} className={buttonStyle()} title={`What version ${shown} changed (${keysOf("compareVersions")})`}>
                  <GitCompareArrows className="size-3.5" aria-hidden />
                  Compare
                </Link>
              )}
              {isLatest && (
                <Button onClick={() => setAdding(true)} title={`Add an item (${keysOf("addItem")})`}>
                  <Plus className="size-3.5" aria-hidden />
                  Add item
                </Button>
              )}
              <Select
                label="Version"
                value={String(found.data.version.number)}
                options={versionOptions(found.data.versions)}
                onChange={(chosen) => void setParams({ version: Number(chosen) === latest ? null : chosen })}
              />
            </>
          )
        }
      >
        {found.isPending && <Skeleton className="my-1 w-2/3" />}
        {found.data !== undefined && <VersionFacts shown={found.data} />}
      </PageHeader>
      {found.isError && !isEmpty && !datasets.isPending && (
        <MissingDataset error={found.error} project={project} onRetry={() => void found.refetch()} />
      )}
      {isEmpty && <EmptyDataset name={name} project={project} onAdd={() => setAdding(true)} />}
      {found.data !== undefined && !found.isError && <Items name={name} shown={found.data} />}
      {base !== null && (
        <ItemDialog
          open={isAdding}
          onOpenChange={setAdding}
          subject={{ kind: "new", project, name, base }}
          onDone={() => router.push(datasetLink(name, project))}
        />
      )}
    </>
  );
}

function VersionFacts({ shown: { version, dataset } }: { shown: Shown }) {
  return (
    <Facts>
      <Fact label="Items">{formatCount(version.items)}</Fact>
      <Fact label="This version">
        {version.added} added, {version.changed} changed, {version.removed} removed
      </Fact>
      <Fact label="Made">
        <TimeText unixNano={unixNanoOf(version.createdAt)} withDate />
      </Fact>
      <Fact label="By">{version.actor}</Fact>
      {version.note !== "" && <Fact label="For">{version.note}</Fact>}
      <Fact label="Hash">
        <CopyableId id={version.hash} label="hash of this version" />
      </Fact>
      {dataset.description !== "" && <Fact label="About">{dataset.description}</Fact>}
    </Facts>
  );
}

function Items({ name, shown }: { name: string; shown: Shown }) {
  const trpc = useTRPC();
  const router = useRouter();
  const searchRef = useRef<HTMLInputElement>(null);
  const [{ project, split, q }, setParams] = useQueryStates(ITEM_PARAMS, { history: "push" });
  const { number } = shown.version;
  const pages = useInfiniteQuery(
    trpc.datasets.items.infiniteQueryOptions(
      { project, name, version: String(number), text: q, ...(split === ALL_SPLITS ? {} : { split }) },
      // A version never changes.
      { getNextPageParam: ({ next }) => next, staleTime: Number.POSITIVE_INFINITY },
    ),
  );
  useShortcuts({ search: () => searchRef.current?.focus() });
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const hrefOf = ({ id }: Item): string => itemLink(name, id, project, number === shown.dataset.latest?.number ? undefined : number);
  const splits = shown.splits.flatMap(({ split: value, items }) =>
    value === null ? [] : [{ value, label: `${value} (${formatCount(items)})` }],
  );
  return (
    <>
      <search className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2">
        <SearchField
          inputRef={searchRef}
          label="Search in items"
          text={q}
          charsMax={LIST_LIMITS.textCharsMax}
          onText={(text) => void setParams({ q: text === "" ? null : text })}
        />
        {splits.length > 0 && (
          <Select
            label="Split"
            value={split}
            options={[{ value: ALL_SPLITS, label: "Every split" }, ...splits]}
            onChange={(chosen) => void setParams({ split: chosen === ALL_SPLITS ? null : chosen })}
          />
        )}
      </search>
      {pages.isPending && <TraceListSkeleton label="Loading items" />}
      {pages.isError && <ErrorState failure={failureOf(pages.error)} onRetry={() => void pages.refetch()} />}
      {pages.isSuccess && rows.length === 0 && (
        <div className="flex items-center gap-3 px-4 py-6 text-muted">
          {q === "" && split === ALL_SPLITS ? "This version has no items." : "No item of this version is as you ask."}
          {(q !== "" || split !== ALL_SPLITS) && <Button onClick={() => void setParams({ q: null, split: null })}>Show all</Button>}
        </div>
      )}
      {rows.length > 0 && !pages.isError && (
        <DataTable
          label={`Items of ${name}, version ${number}`}
          columns={columnsOf(hrefOf)}
          rows={rows}
          rowKey={({ id }) => id}
          onOpen={(row) => router.push(hrefOf(row))}
          footer={
            <ListFooter pages={pages}>
              {formatCount(rows.length)} {rows.length === 1 ? "item" : "items"}
              {pages.hasNextPage ? " so far" : ""}
            </ListFooter>
          }
        />
      )}
    </>
  );
}
