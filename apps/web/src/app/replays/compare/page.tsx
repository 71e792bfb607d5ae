import type { Metadata } from "next";
import { Suspense } from "react";
import { ComparePage, ReplaySkeleton } from "../../../features/replays/index.ts";

export const metadata: Metadata = { title: "Two replays" };

export default function Page() {
  return (
    <Suspense fallback={<ReplaySkeleton />}>
      <ComparePage />
    </Suspense>
  );
}
