import type { Metadata } from "next";
import { Suspense } from "react";
import { ProjectsPage, ProjectsPageSkeleton } from "../../features/projects/index.ts";

export const metadata: Metadata = { title: "Projects and keys" };

export default function Page() {
  return (
    <Suspense fallback={<ProjectsPageSkeleton />}>
      <ProjectsPage />
    </Suspense>
  );
}
