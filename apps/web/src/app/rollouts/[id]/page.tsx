import type { Metadata } from "next";
import { Suspense } from "react";
import { RolloutPage } from "../../../features/rollouts/index.ts";
import { TraceListSkeleton } from "../../../features/traces/index.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Rollout ${(await params).id.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the rollout" />}>
      <RolloutPage id={id} />
    </Suspense>
  );
}
