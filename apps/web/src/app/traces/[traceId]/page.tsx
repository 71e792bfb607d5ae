import type { Metadata } from "next";
import { Suspense } from "react";
import { TracePage, TracePageSkeleton } from "../../../features/traces/index.ts";

type Props = { params: Promise<{ traceId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { traceId } = await params;
  return { title: `Trace ${traceId.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  const { traceId } = await params;
  return (
    <Suspense fallback={<TracePageSkeleton />}>
      <TracePage traceId={traceId} />
    </Suspense>
  );
}
