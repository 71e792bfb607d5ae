import { Skeleton } from "../../components/ui/state/Skeleton.tsx";
import { PLOT_IDS } from "./trendParams.ts";

/** The placeholder of the plots. */
export function TrendsSkeleton() {
  return (
    <div role="status" aria-label="Loading trends" className="grid grid-cols-1 gap-4 md:grid-cols-2">
      {PLOT_IDS.map((id) => (
        <div key={id} className="flex h-66 flex-col gap-3 rounded-lg border border-line bg-surface px-4 pt-4">
          <Skeleton className="w-24" />
          <Skeleton className="h-5 w-32" />
          <Skeleton className="mt-3 h-36 w-full rounded-md" />
        </div>
      ))}
    </div>
  );
}
