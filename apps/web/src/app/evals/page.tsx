import type { Metadata } from "next";
import { Suspense } from "react";
import { EvalRunListPage } from "../../features/evalRuns/index.ts";
import { TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Eval runs" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading eval runs" />}>
      <EvalRunListPage />
    </Suspense>
  );
}
