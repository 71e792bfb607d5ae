import type { Metadata } from "next";
import { Suspense } from "react";
import { GroupPage } from "../../../../features/deadLetters/index.ts";
import { TraceListSkeleton } from "../../../../features/traces/index.ts";
import { idOfSegment } from "../../../../project/ownerSegment.ts";

type Props = { params: Promise<{ fingerprint: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Dead letters ${idOfSegment((await params).fingerprint).slice(0, 16)}` };
}

export default async function Page({ params }: Props) {
  const { fingerprint } = await params;
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the group" />}>
      <GroupPage fingerprint={idOfSegment(fingerprint)} />
    </Suspense>
  );
}
