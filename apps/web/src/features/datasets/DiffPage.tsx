"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Equal } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useQueryStates } from "nuqs";
import { type Word, WordBadge } from "../../components/ui/badge/WordBadge.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { PageHeader } from "../../components/ui/layout/PageHeader.tsx";
import { ScreenBody } from "../../components/ui/layout/ScreenBody.tsx";
import { EmptyState } from "../../components/ui/state/EmptyState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { LoadMore } from "../../components/ui/table/ListFooter.tsx";
import { Fact, Facts } from "../../components/ui/text/Facts.tsx";
import { WordDiff } from "../../components/ui/text/WordDiff.tsx";
import { formatCount } from "../../format/amounts.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { datasetLink, itemLink } from "../datasetItem/index.ts";
import { DIFF_PARAMS } from "./datasetParams.ts";
import { MissingDataset } from "./MissingDataset.tsx";
import { versionOptions } from "./versionOptions.ts";

type Difference = RouterOutputs["datasets"]["diff"]["differences"][number];

const CHANGES = {
  added: { label: "Added", tone: "clear" },
  removed: { label: "Removed", tone: "danger" },
  changed: { label: "Changed", tone: "caution" },
} as const satisfies Record<Difference["change"], Word>;

const FIELDS = [
  ["input", "Input"],
  ["expectedOutput", "Expected output"],
  ["expectedToolCalls", "Expected tool calls"],
  ["expectedState", "Expected state"],
  ["metadata", "Metadata"],
  ["split", "Split"],
  ["source", "Source"],
] as const;

/** The items added, removed and changed between two versions of a dataset. */
export function DiffPage({ name }: { name: string }) {
  const trpc = useTRPC();
  const router = useRouter();
  const [{ project, before, after }, setParams] = useQueryStates(DIFF_PARAMS, { history: "push" });
  const versions = useQuery(trpc.datasets.version.queryOptions({ project, name }));
  const pages = useInfiniteQuery(
    trpc.datasets.diff.infiniteQueryOptions({ project, name, before, after }, { getNextPageParam: ({ next }) => next }),
  );
  const listHref = datasetLink(name, project);
  useShortcuts({ close: () => router.push(listHref) });
  const first = pages.data?.pages[0];
  const options = versionOptions(versions.data?.versions ?? []);
  return (
    <>
      <PageHeader
        back={{ href: listHref, label: `Back to ${name}` }}
        title={`${name}: two versions`}
        actions={
          first !== undefined &&
          options.length > 0 && (
            <>
              <Select
                label="From version"
                value={String(first.before)}
                options={options}
                onChange={(chosen) => void setParams({ before: chosen })}
              />
              <span className="text-sm text-faint">to</span>
              <Select
                label="To version"
                value={String(first.after)}
                options={options}
                onChange={(chosen) => void setParams({ after: chosen })}
              />
            </>
          )
        }
      >
        {pages.isPending && <Skeleton className="my-1 w-2/3" />}
        {first !== undefined && (
          <Facts>
            <Fact label="Added">{formatCount(first.counts.added)}</Fact>
            <Fact label="Removed">{formatCount(first.counts.removed)}</Fact>
            <Fact label="Changed">{formatCount(first.counts.changed)}</Fact>
          </Facts>
        )}
      </PageHeader>
      {pages.isError && <MissingDataset error={pages.error} project={project} onRetry={() => void pages.refetch()} />}
      {first !== undefined && first.differences.length === 0 && (
        <EmptyState icon={Equal} title={`Versions ${first.before} and ${first.after} have the same items`}>
          <p>Choose two others above.</p>
        </EmptyState>
      )}
      {first !== undefined && first.differences.length > 0 && (
        <ScreenBody label="What differs">
          <ol className="flex flex-col gap-4">
            {pages.data?.pages
              .flatMap(({ differences }) => differences)
              .map((difference) => (
                <li key={difference.id} className="overflow-hidden rounded-lg border border-line bg-surface">
                  <DifferenceCard
                    difference={difference}
                    href={itemLink(name, difference.id, project, difference.after === null ? first.before : first.after)}
                  />
                </li>
              ))}
            {pages.hasNextPage && (
              <li>
                <LoadMore pages={pages} />
              </li>
            )}
          </ol>
        </ScreenBody>
      )}
    </>
  );
}

function DifferenceCard({ difference: { id, change, before, after }, href }: { difference: Difference; href: string }) {
  const fields = FIELDS.filter(([field]) => JSON.stringify(before?.[field] ?? null) !== JSON.stringify(after?.[field] ?? null));
  return (
    <>
      <h2 className="flex min-h-9 items-center gap-2 border-b border-line px-4 text-sm">
        <WordBadge word={CHANGES[change]} />
        <Link href={href} className="min-w-0 truncate font-mono text-xs hover:underline">
          {id}
        </Link>
      </h2>
      <dl className="grid grid-cols-[9rem_minmax(0,1fr)] gap-x-3 gap-y-2 px-4 py-3 text-sm max-sm:grid-cols-1">
        {fields.map(([field, title]) => (
          <div key={field} className="contents">
            <dt className="text-faint">{title}</dt>
            <dd>
              <WordDiff before={before?.[field]} after={after?.[field]} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
