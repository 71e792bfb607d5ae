import type { Metadata } from "next";
import { Suspense } from "react";
import { DeadLetterListPage } from "../../features/deadLetters/index.ts";
import { TraceListSkeleton } from "../../features/traces/index.ts";

export const metadata: Metadata = { title: "Dead letters" };

export default function Page() {
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading dead letters" />}>
      <DeadLetterListPage />
    </Suspense>
  );
}
