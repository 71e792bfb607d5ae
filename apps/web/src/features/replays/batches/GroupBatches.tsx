"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { TimeText } from "../../../components/ui/text/TimeText.tsx";
import { formatCount } from "../../../format/amounts.ts";
import { unixNanoOf } from "../../../format/time.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { batchLink } from "../replayLinks.ts";
import { isUnderWay, planText } from "../words.ts";
import { BatchShares } from "./BatchShares.tsx";

const POLL_MS = 2_000;
const SHOWN_MAX = 2;
const LISTED_MAX = 20;

/** The last times that a group of dead letters was replayed, with what came of it; nothing where it never was. */
export function GroupBatches({ project, fingerprint }: { project: string; fingerprint: string }) {
  const trpc = useTRPC();
  const [isWhole, setIsWhole] = useState(false);
  const { data = [] } = useQuery(
    trpc.replays.batches.ofGroup.queryOptions(
      { project, fingerprint, limit: LISTED_MAX },
      { refetchInterval: ({ state }) => (state.data?.some(isUnderWay) === true ? POLL_MS : false) },
    ),
  );
  if (data.length === 0) return null;
  const shown = isWhole ? data : data.slice(0, SHOWN_MAX);
  return (
    <section aria-label="Replays of this group" className="max-h-[40vh] shrink-0 overflow-y-auto border-b border-line bg-surface">
      <ul className="divide-y divide-line/60">
        {shown.map((batch) => (
          <li key={batch.id} className="flex flex-col gap-1.5 px-4 py-2.5">
            <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
              <Link href={batchLink(batch.id, project)} className="font-medium text-accent hover:underline">
                {formatCount(batch.wanted)} {batch.wanted === 1 ? "task" : "tasks"} replayed: {planText(batch.plan)}
              </Link>
              <span className="ml-auto text-muted">
                {batch.actor}, <TimeText unixNano={unixNanoOf(batch.createdAt)} />
              </span>
            </p>
            <BatchShares batch={batch} />
          </li>
        ))}
      </ul>
      {data.length > SHOWN_MAX && (
        <Button tone="quiet" size="small" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)} className="mx-2 mb-1.5">
          {isWhole ? "Show the latest alone" : `Show earlier ones (${formatCount(data.length - SHOWN_MAX)})`}
        </Button>
      )}
    </section>
  );
}
