import type { Metadata } from "next";
import { Suspense } from "react";
import { AnnotationPage } from "../../../features/annotations/index.ts";
import { TraceListSkeleton } from "../../../features/traces/index.ts";

export const metadata: Metadata = { title: "Annotation queue" };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the annotation queue" />}>
      <AnnotationPage id={id} />
    </Suspense>
  );
}
