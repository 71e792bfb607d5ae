import type { Metadata } from "next";
import { Suspense } from "react";
import { DatasetPage } from "../../../features/datasets/index.ts";
import { TraceListSkeleton } from "../../../features/traces/index.ts";
import { idOfSegment } from "../../../project/ownerSegment.ts";

type Props = { params: Promise<{ name: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Dataset ${idOfSegment((await params).name)}` };
}

export default async function Page({ params }: Props) {
  const { name } = await params;
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the dataset" />}>
      <DatasetPage name={idOfSegment(name)} />
    </Suspense>
  );
}
