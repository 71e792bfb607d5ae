import type { Metadata } from "next";
import { Suspense } from "react";
import { TraceListPage, TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Traces" };

export default function Page() {
  return (
    // The URL's state is known only in the browser; until then the page shows a placeholder.
    <Suspense fallback={<TraceListSkeleton />}>
      <TraceListPage />
    </Suspense>
  );
}
