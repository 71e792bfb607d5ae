"use client";
import { useQuery } from "@tanstack/react-query";
import { FormFailure } from "../../components/ui/form/FormFailure.tsx";
import { Panel } from "../../components/ui/layout/Panel.tsx";
import { ScrollRegion } from "../../components/ui/layout/ScrollRegion.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { type SimpleColumn, SimpleTable } from "../../components/ui/table/SimpleTable.tsx";
import { formatCount } from "../../format/amounts.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import type { Rollout } from "./rolloutParams.ts";

type Change = { path: string; before: string | null; after: string | null };

const Said = ({ text, tone }: { text: string | null; tone: string }) =>
  text === null ? (
    <span className="text-faint">nothing</span>
  ) : (
    <span className={`block py-1 font-mono text-xs [overflow-wrap:anywhere] ${tone}`}>{text}</span>
  );

const COLUMNS: SimpleColumn<Change>[] = [
  { id: "path", header: "What", cell: ({ path }) => <span className="font-mono text-xs whitespace-nowrap">{path}</span> },
  { id: "before", header: "Stable", cell: ({ before }) => <Said text={before} tone="text-danger" /> },
  { id: "after", header: "Candidate", cell: ({ after }) => <Said text={after} tone="text-clear" /> },
];

/** The differences between the candidate's and the stable version's manifests. */
export function VersionChanges({ rollout: { stable, candidate } }: { rollout: Rollout }) {
  const trpc = useTRPC();
  const diff = useQuery(trpc.versions.diff.queryOptions({ before: stable, after: candidate }, { staleTime: 60_000 }));
  return (
    <Panel
      title="What changed between the versions"
      aside={
        diff.data !== undefined && (
          <span className="text-sm text-faint">{diff.data.isSameBuild ? "one build serves both" : "builds of their own"}</span>
        )
      }
    >
      {diff.isPending && <Skeleton className="m-4 w-2/3" />}
      {diff.isError && (
        <div className="p-4">
          <FormFailure error={diff.error} />
        </div>
      )}
      {diff.data !== undefined &&
        (diff.data.changes.length === 0 ? (
          <p className="px-4 py-3 text-sm text-muted">Their manifests say the same.</p>
        ) : (
          <ScrollRegion label={`${formatCount(diff.data.changes.length)} changes`} className="max-h-96 overflow-auto">
            <SimpleTable label="What changed" columns={COLUMNS} rows={diff.data.changes} rowKey={({ path }) => path} />
          </ScrollRegion>
        ))}
    </Panel>
  );
}
