"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { buttonStyle } from "../../components/ui/form/Button.tsx";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { CopyableId } from "../../components/ui/text/CopyableId.tsx";
import { projectLink } from "../../project/projectParam.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { ConversationView } from "../traces/index.ts";

/** The conversation in an item's trace; if the item is a span, its part is marked. */
export function ItemConversation({ project, traceId, spanId }: { project: string; traceId: string; spanId: string | null }) {
  const trpc = useTRPC();
  const [selected, setSelected] = useState(spanId);
  const found = useQuery(trpc.traces.conversation.queryOptions({ project, traceId }, { staleTime: 60_000 }));
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-2 border-b border-line bg-canvas px-4 text-sm text-muted">
        Trace <CopyableId id={traceId} label="Trace id" />
        <Link
          href={projectLink(`/traces/${traceId}`, { project })}
          className={buttonStyle({ tone: "quiet", size: "small", className: "ml-auto" })}
        >
          Open the trace
        </Link>
      </div>
      {found.isPending && <Skeleton className="m-4 h-40" />}
      {found.isError && <ErrorState failure={failureOf(found.error)} onRetry={() => void found.refetch()} />}
      {found.data !== undefined && (
        <ConversationView
          entries={found.data.entries}
          isTruncated={found.data.isTruncated}
          traceStart={found.data.entries[0]?.timeUnixNano ?? "0"}
          selectedId={selected}
          onSelect={setSelected}
        />
      )}
    </>
  );
}
