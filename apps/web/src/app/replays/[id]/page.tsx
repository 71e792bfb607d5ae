import type { Metadata } from "next";
import { Suspense } from "react";
import { ReplayPage, ReplaySkeleton } from "../../../features/replays/index.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Replay ${(await params).id.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return (
    <Suspense fallback={<ReplaySkeleton />}>
      <ReplayPage id={id} />
    </Suspense>
  );
}
