import type { Metadata } from "next";
import { Suspense } from "react";
import { TraceListPage, TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Traces" };

export default function Page() {
  return (
    // What the URL says is known in the browser alone; until then the page has its shape.
    <Suspense fallback={<TraceListSkeleton />}>
      <TraceListPage />
    </Suspense>
  );
}
