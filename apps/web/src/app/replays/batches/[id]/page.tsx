import type { Metadata } from "next";
import { Suspense } from "react";
import { BatchPage, ReplaySkeleton } from "../../../../features/replays/index.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Replays ${(await params).id.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return (
    <Suspense fallback={<ReplaySkeleton />}>
      <BatchPage id={id} />
    </Suspense>
  );
}
