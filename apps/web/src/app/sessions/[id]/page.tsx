import type { Metadata } from "next";
import { Suspense } from "react";
import { SessionPage } from "../../../features/sessions/index.ts";
import { TraceListSkeleton } from "../../../features/traces/index.ts";
import { idOfSegment } from "../../../project/ownerSegment.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Session ${idOfSegment((await params).id).slice(0, 40)}` };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the session" />}>
      <SessionPage session={idOfSegment(id)} />
    </Suspense>
  );
}
