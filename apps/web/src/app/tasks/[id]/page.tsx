import type { Metadata } from "next";
import { Suspense } from "react";
import { TaskPage, TaskPageSkeleton } from "../../../features/tasks/index.ts";

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Task ${(await params).id.slice(0, 8)}` };
}

export default async function Page({ params }: Props) {
  const { id } = await params;
  return (
    <Suspense fallback={<TaskPageSkeleton />}>
      <TaskPage id={id} />
    </Suspense>
  );
}
