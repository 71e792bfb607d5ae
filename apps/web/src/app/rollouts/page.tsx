import type { Metadata } from "next";
import { Suspense } from "react";
import { RolloutListPage } from "../../features/rollouts/index.ts";
import { TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Rollouts" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading rollouts" />}>
      <RolloutListPage />
    </Suspense>
  );
}
