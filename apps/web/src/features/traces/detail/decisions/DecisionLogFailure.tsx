import { TriangleAlert } from "lucide-react";
import { Button } from "../../../../components/ui/form/Button.tsx";
import type { Failure } from "../../../../components/ui/state/ErrorState.tsx";

/** Says in one line that the decisions could not be loaded: the spans beside it stay usable. */
export function DecisionLogFailure({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <div role="alert" className="flex shrink-0 items-center gap-2 border-t border-line bg-danger-soft px-3 py-1.5 text-sm text-danger">
      <TriangleAlert className="size-4 shrink-0" aria-hidden />
      <p className="min-w-0 flex-1">The decision log cannot be shown: {failure.message}</p>
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
