import type { Metadata } from "next";
import { Suspense } from "react";
import { AnnotationListPage } from "../../features/annotations/index.ts";
import { TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Annotation queues" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading annotation queues" />}>
      <AnnotationListPage />
    </Suspense>
  );
}
