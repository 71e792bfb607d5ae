"use client";
import { SearchX } from "lucide-react";
import { Button } from "../../../../components/ui/form/Button.tsx";
import { EmptyState } from "../../../../components/ui/state/EmptyState.tsx";
import { TimeText } from "../../../../components/ui/text/TimeText.tsx";

/** A search that ran out of time without a result: how far back it went, and a button to go on. */
export function NoneSoFar({ searchedTo, isLoading, onOlder }: { searchedTo: string; isLoading: boolean; onOlder: () => void }) {
  return (
    <EmptyState icon={SearchX} title="Nothing found so far">
      <p>
        Searched back to <TimeText unixNano={searchedTo} withDate />.
      </p>
      <Button tone="primary" onClick={onOlder} disabled={isLoading}>
        {isLoading ? "Searching…" : "Search further back"}
      </Button>
    </EmptyState>
  );
}
