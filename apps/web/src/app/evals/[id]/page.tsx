import type { Metadata } from "next";
import { Suspense } from "react";
import { EvalRunPage } from "../../../features/evalRuns/index.ts";
import { TraceListSkeleton } from "../../../features/traces/index.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Eval run ${(await params).id.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the eval run" />}>
      <EvalRunPage id={id} />
    </Suspense>
  );
}
