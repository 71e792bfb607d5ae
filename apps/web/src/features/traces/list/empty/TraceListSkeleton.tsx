import { Skeleton } from "../../../../components/ui/state/Skeleton.tsx";

const ROWS = Array.from({ length: 14 }, (_, row) => row);

/** The placeholder of the list. */
export function TraceListSkeleton({ label = "Loading traces" }: { label?: string }) {
  return (
    <div role="status" aria-label={label} className="min-h-0 flex-1 overflow-hidden bg-surface">
      <div className="h-8 border-b border-line bg-canvas" />
      {ROWS.map((row) => (
        <div key={row} className="flex h-8 items-center gap-6 border-b border-line/60 px-4">
          <Skeleton className="w-20" />
          <div className="flex-1">
            <Skeleton className="max-w-96" />
          </div>
          <Skeleton className="w-24" />
          <Skeleton className="w-28" />
          <Skeleton className="w-16" />
        </div>
      ))}
    </div>
  );
}
