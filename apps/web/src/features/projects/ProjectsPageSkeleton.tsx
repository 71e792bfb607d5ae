import { Skeleton } from "../../components/ui/Skeleton.tsx";

/** The shape of the page while its URL is read. */
export function ProjectsPageSkeleton() {
  return (
    <div role="status" aria-label="Loading projects" className="mx-auto flex w-full max-w-5xl flex-col gap-8 px-6 py-8">
      <Skeleton className="h-5 w-48" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
