"use client";
import { useQuery } from "@tanstack/react-query";
import { CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import { ErrorState } from "../../components/ui/state/ErrorState.tsx";
import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { useNow } from "../../components/ui/useNow.ts";
import { failureOf } from "../../trpc/failureOf.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { checkpointText, exportText, isStopped } from "./checkpointText.ts";
import { Line } from "./Line.tsx";

const POLL_MS = 15_000;

/** How far the decision log of all projects is signed, and whether it is still being signed. */
export function Checkpoints() {
  const trpc = useTRPC();
  const now = useNow();
  const {
    data: state,
    error,
    isError,
    refetch,
  } = useQuery(trpc.decisions.checkpoints.queryOptions(undefined, { refetchInterval: POLL_MS }));
  if (isError) return <ErrorState failure={failureOf(error)} onRetry={() => void refetch()} />;
  if (state === undefined) return <Skeleton className="m-4 w-64" />;
  const hasStopped = isStopped(state, now);
  const Icon = hasStopped ? TriangleAlert : state.last === null ? CircleHelp : CircleCheck;
  return (
    <>
      <Line
        icon={
          <Icon
            className={`size-4 ${hasStopped ? "text-danger-mark" : state.last === null ? "text-faint" : "text-clear-mark"}`}
            aria-hidden
          />
        }
        tone={hasStopped ? "danger" : "plain"}
      >
        {checkpointText(state, now)}
      </Line>
      {state.last !== null && (
        <Line icon={<CircleHelp className="size-4 text-faint" aria-hidden />} tone="plain">
          {exportText(state)}
        </Line>
      )}
    </>
  );
}
