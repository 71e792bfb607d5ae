import { FilterX } from "lucide-react";
import { Button } from "../../../../components/ui/form/Button.tsx";
import { EmptyState } from "../../../../components/ui/state/EmptyState.tsx";
import type { ListProblem } from "./listProblems.ts";

/** Replaces the list if its link has invalid filters: which ones, why, and a button to drop them. */
export function UnusableFilters({
  problems,
  onClear,
}: {
  problems: readonly ListProblem[];
  onClear: (params: Record<string, null>) => void;
}) {
  return (
    <EmptyState icon={FilterX} title="The list cannot be filtered like this">
      <ul className="flex flex-col gap-3">
        {problems.map(({ label, why, params }) => (
          <li key={params.join()} className="flex flex-col items-center gap-2">
            <p className="[overflow-wrap:anywhere]">
              <span className="font-medium text-ink">{label}</span> {why}.
            </p>
            <Button
              aria-label={`Clear this filter: ${label}`}
              onClick={() => onClear(Object.fromEntries(params.map((param) => [param, null])))}
            >
              Clear this filter
            </Button>
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}
