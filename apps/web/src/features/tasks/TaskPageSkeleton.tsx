import { Skeleton } from "../../components/ui/state/Skeleton.tsx";

/** The placeholder of the task page. */
export function TaskPageSkeleton() {
  return (
    <div role="status" aria-label="Loading the task" className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-3 border-b border-line bg-surface px-4 py-3">
        <Skeleton className="h-4 w-64" />
        <Skeleton className="w-2/3" />
      </div>
      <div className="flex flex-col gap-3 border-b border-line bg-surface px-4 py-3">
        <Skeleton className="w-1/3" />
        <Skeleton className="h-6" />
      </div>
      <div className="grid flex-1 gap-4 p-4 xl:grid-cols-[22rem_minmax(0,1fr)_26rem]">
        <Skeleton className="h-80" />
        <Skeleton className="h-80" />
        <Skeleton className="h-80" />
      </div>
    </div>
  );
}
