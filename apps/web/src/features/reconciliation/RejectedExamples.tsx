"use client";
import { IngestSource } from "@signalbox/model";
import { useQuery } from "@tanstack/react-query";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { TimeText } from "../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../format/amounts.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import type { RANGES } from "./reconciliationParams.ts";
import { SOURCES } from "./words.ts";

const POLL_MS = 5_000;

/** The latest rejected records, as far as they are stored, so that senders can find the error. */
export function RejectedExamples(input: { project: string; range: (typeof RANGES)[number]["value"]; source: IngestSource | null }) {
  const trpc = useTRPC();
  const { data, isError, error, refetch } = useQuery(
    trpc.reconciliation.rejected.queryOptions(input, { refetchInterval: POLL_MS, placeholderData: (previous) => previous }),
  );
  if (isError) return <ErrorState failure={failureOf(error)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton className="m-4 w-64" />;
  if (data.length === 0) return <p className="px-4 py-3 text-muted">No record is kept from this time.</p>;
  return (
    <ul>
      {data.map(({ source, reason, beginning, recordChars, receivedAtMs }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two records may be the same to the letter
        <li key={`${receivedAtMs} ${place}`} className="border-b border-line last:border-0">
          <details className="group">
            <summary className="flex min-h-9 cursor-default flex-wrap items-center gap-x-4 px-4 py-1.5 hover:bg-hover">
              <span className="w-36 text-sm text-muted">
                <TimeText unixNano={`${receivedAtMs}000000`} withDate />
              </span>
              <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{reason}</span>
              <span className="text-sm text-faint">{labelOf(source)}</span>
            </summary>
            <pre className="mx-4 mb-3 max-h-72 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
              {beginning}
              {recordChars > beginning.length && <span className="text-faint"> … {formatCount(recordChars)} characters in all</span>}
            </pre>
          </details>
        </li>
      ))}
    </ul>
  );
}

/** The label of a source; records of earlier versions use other names. */
function labelOf(source: string): string {
  const known = IngestSource.safeParse(source);
  return known.success ? SOURCES[known.data].label : source;
}
