import { Skeleton } from "../../components/ui/state/Skeleton.tsx";

/** The shape of the page while its URL is read. */
export function ProjectsPageSkeleton() {
  return (
    <div role="status" aria-label="Loading projects" className="flex w-full flex-col gap-4 p-4">
      <Skeleton className="h-5 w-48" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  );
}
