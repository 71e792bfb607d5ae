import type { Metadata } from "next";
import { Suspense } from "react";
import { PolicyPage } from "../../../features/gatePolicies/index.ts";
import { TraceListSkeleton } from "../../../features/traces/index.ts";

export const metadata: Metadata = { title: "Gate policy" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the policy" />}>
      <PolicyPage />
    </Suspense>
  );
}
