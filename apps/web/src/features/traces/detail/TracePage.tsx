"use client";
import { useQuery } from "@tanstack/react-query";
import { SearchX } from "lucide-react";
import Link from "next/link";
import { buttonStyle } from "../../../components/ui/form/Button.tsx";
import { EmptyState } from "../../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../../components/ui/state/ErrorState.tsx";
import { CopyableId } from "../../../components/ui/text/CopyableId.tsx";
import { projectLink } from "../../../project/projectParam.ts";
import { useProject } from "../../../project/useProject.ts";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { pollMsOf } from "./pollMsOf.ts";
import { TracePageSkeleton } from "./TracePageSkeleton.tsx";
import { TraceScreen } from "./TraceScreen.tsx";

/** One trace by its id, polled while spans may still arrive. */
export function TracePage({ traceId }: { traceId: string }) {
  const trpc = useTRPC();
  const project = useProject();
  const trace = useQuery(
    trpc.traces.get.queryOptions(
      { project, traceId },
      {
        refetchInterval: ({ state: { data } }) => (data === undefined ? false : pollMsOf(data, Date.now())),
      },
    ),
  );
  if (trace.data !== undefined) return <TraceScreen key={traceId} trace={trace.data} />;
  if (!trace.isError) return <TracePageSkeleton />;

  const failure = failureOf(trace.error);
  if (failure.code === "not_found" || failure.code === "invalid_input")
    return (
      <EmptyState icon={SearchX} title="This trace is not here">
        <CopyableId id={traceId} label="trace id" />
        <p>{failure.code === "not_found" ? failure.hint : failure.message}</p>
        <Link href={projectLink("/traces", { project })} className={buttonStyle()}>
          Go to traces
        </Link>
      </EmptyState>
    );
  return <ErrorState failure={failure} onRetry={() => void trace.refetch()} />;
}
