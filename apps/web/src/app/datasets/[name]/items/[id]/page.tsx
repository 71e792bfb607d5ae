import type { Metadata } from "next";
import { Suspense } from "react";
import { ItemPage } from "../../../../../features/datasets/index.ts";
import { TraceListSkeleton } from "../../../../../features/traces/index.ts";
import { idOfSegment } from "../../../../../project/ownerSegment.ts";

type Props = { params: Promise<{ name: string; id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Item ${idOfSegment((await params).id).slice(0, 40)}` };
}

export default async function Page({ params }: Props) {
  const { name, id } = await params;
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the item" />}>
      <ItemPage name={idOfSegment(name)} id={idOfSegment(id)} />
    </Suspense>
  );
}
