import type { Metadata } from "next";
import { Suspense } from "react";
import { DatasetListPage } from "../../features/datasets/index.ts";
import { TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Datasets" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading datasets" />}>
      <DatasetListPage />
    </Suspense>
  );
}
