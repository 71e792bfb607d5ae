import type { Metadata } from "next";
import { Suspense } from "react";
import { ComparePage } from "../../../features/evalRuns/index.ts";
import { TraceListSkeleton } from "../../../features/traces/index.ts";

export const metadata: Metadata = { title: "Eval runs side by side" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the comparison" />}>
      <ComparePage />
    </Suspense>
  );
}
