import type { Metadata } from "next";
import { Suspense } from "react";
import { LetterPage } from "../../../../features/deadLetters/index.ts";
import { TraceListSkeleton } from "../../../../features/traces/index.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Dead letter ${(await params).id.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return (
    <Suspense fallback={<TraceListSkeleton label="Loading the dead letter" />}>
      <LetterPage id={id} />
    </Suspense>
  );
}
