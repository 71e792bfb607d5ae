import { Skeleton } from "../../components/ui/state/Skeleton.tsx";

/** The placeholder of a replay's page. */
export function ReplaySkeleton() {
  return (
    <div role="status" aria-label="Loading the replay" className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-3 border-b border-line bg-surface px-4 py-3">
        <Skeleton className="h-4 w-64" />
        <Skeleton className="w-2/3" />
      </div>
      <div className="grid gap-4 p-4 xl:grid-cols-2">
        <Skeleton className="h-60" />
        <Skeleton className="h-60" />
      </div>
    </div>
  );
}
