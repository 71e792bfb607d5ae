"use client";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

const POLL_MS = 5_000;

/** Says that what waits for a worker waits for nobody, where no worker of any version is there. */
export function NoWorkerNotice() {
  const trpc = useTRPC();
  const versions = useQuery(trpc.replays.versions.queryOptions(undefined, { refetchInterval: POLL_MS }));
  if (versions.data === undefined || versions.data.some(({ isHere }) => isHere)) return null;
  return (
    <p role="status" className="text-sm text-caution">
      No worker of the agent runtime is there now. Start one, and it takes this up: ./signalbox up, or ./signalbox status for what is
      missing.
    </p>
  );
}
