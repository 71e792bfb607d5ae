import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";

const ROWS = Array.from({ length: 10 }, (_, row) => row);

/** The placeholder of the trace page. */
export function TracePageSkeleton() {
  return (
    <div role="status" aria-label="Loading the trace" className="flex min-h-0 flex-1 flex-col bg-surface">
      <div className="flex h-19 flex-col justify-center gap-3 border-b border-line px-4">
        <Skeleton className="h-4 w-72" />
        <Skeleton className="w-120" />
      </div>
      <div className="flex h-10 items-center border-b border-line px-4">
        <Skeleton className="w-60" />
      </div>
      {ROWS.map((row) => (
        <div key={row} className="flex h-7 items-center gap-6 px-4" style={{ paddingLeft: 16 + (row % 4) * 14 }}>
          <Skeleton className="w-48" />
          <Skeleton className="w-64" />
        </div>
      ))}
    </div>
  );
}
