import type { Metadata } from "next";
import { Suspense } from "react";
import { ScoringPage } from "../../features/scoring/index.ts";
import { TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Online scoring" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading score rules" />}>
      <ScoringPage />
    </Suspense>
  );
}
