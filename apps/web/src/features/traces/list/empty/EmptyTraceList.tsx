"use client";
import { useQuery } from "@tanstack/react-query";
import { CalendarX2, FilterX, SearchX } from "lucide-react";
import { Button } from "../../../../components/ui/form/Button.tsx";
import { EmptyState } from "../../../../components/ui/state/EmptyState.tsx";
import { ErrorState } from "../../../../components/ui/state/ErrorState.tsx";
import { TimeText } from "../../../../components/ui/text/TimeText.tsx";
import { msOf } from "../../../../format/time.ts";
import { failureOf } from "../../../../trpc/failureOf.ts";
import { useTRPC } from "../../../../trpc/TrpcProvider.tsx";
import { type ActiveFilter, activeFilters, NO_FILTERS } from "../filters/filterNames.ts";
import { LAST_RANGES, type ListChange, type ListParams, listInputOf } from "../listParams.ts";
import { FirstTrace } from "./FirstTrace.tsx";

/** Poll interval in milliseconds while somebody waits for the first span; the other reasons change more slowly, and cost more to find. */
const FIRST_SPAN_POLL_MS = 1_000;
const POLL_MS = 10_000;

type Change = (change: ListChange) => void;

/** Says why the list is empty: nothing received, nothing in this time range, or the condition that empties it; each with a way out. */
export function EmptyTraceList({ params, onChange }: { params: ListParams; onChange: Change }) {
  const trpc = useTRPC();
  const why = useQuery(
    trpc.traces.explainEmpty.queryOptions(listInputOf(params), {
      refetchInterval: ({ state }) => (state.data?.kind === "nothing_received" ? FIRST_SPAN_POLL_MS : POLL_MS),
      staleTime: 0,
    }),
  );
  const ingest = useQuery(trpc.status.ingest.queryOptions());
  if (why.isError) return <ErrorState failure={failureOf(why.error)} onRetry={() => void why.refetch()} />;
  if (why.data === undefined || ingest.data === undefined)
    return <EmptyState icon={SearchX} title="No traces here: looking for the reason" />;

  if (why.data.kind === "nothing_received") return <FirstTrace otlpUrl={ingest.data.otlpUrl} project={params.project} />;
  if (why.data.kind === "nothing_in_range") return <NothingInRange newestSpan={why.data.newestSpan} onChange={onChange} />;
  return <Filtered emptiedBy={why.data.emptiedBy} params={params} onChange={onChange} />;
}

function NothingInRange({ newestSpan, onChange }: { newestSpan: string; onChange: Change }) {
  const ageMs = Date.now() - msOf(newestSpan);
  const reaching = LAST_RANGES.find((range) => range.ms > ageMs);
  return (
    <EmptyState icon={CalendarX2} title="No trace began in this time">
      <p>
        The newest span is from <TimeText unixNano={newestSpan} withDate />.
      </p>
      {reaching !== undefined && (
        <Button tone="primary" onClick={() => onChange({ range: reaching.value, from: null, to: null })}>
          Show the {reaching.label.toLowerCase()}
        </Button>
      )}
    </EmptyState>
  );
}

function Filtered({ emptiedBy, params, onChange }: { emptiedBy: readonly string[]; params: ListParams; onChange: Change }) {
  const active = activeFilters(params);
  const culprits = [...Map.groupBy(active, ({ condition }) => condition).values()].filter(([first]) =>
    emptiedBy.some((condition) => condition === first?.condition),
  );
  return (
    <EmptyState icon={FilterX} title="No trace matches these filters">
      {culprits.length === 0 ? (
        <p>No single filter empties the list: traces come back when several are cleared.</p>
      ) : (
        <p>{culprits.length === 1 ? "There are traces without this filter." : "There are traces without any one of these filters."}</p>
      )}
      <div className="flex flex-wrap justify-center gap-2">
        {culprits.map((filters) => (
          <Button
            key={filters[0]?.condition}
            className="h-auto min-h-7 max-w-full whitespace-normal [overflow-wrap:anywhere]"
            onClick={() => onChange(dropAll(filters))}
          >
            Clear {filters.map(({ label, text }) => `${label.toLowerCase()} ${text}`).join(", ")}
          </Button>
        ))}
        {active.length > 1 && (
          <Button tone="primary" onClick={() => onChange(NO_FILTERS)}>
            Clear all filters
          </Button>
        )}
      </div>
    </EmptyState>
  );
}

/** The change that drops all conditions on one thing. */
function dropAll(filters: readonly ActiveFilter[]): ListChange {
  const dropped = new Set(filters.flatMap(({ drop }) => Object.keys(drop)));
  const [only] = filters;
  if (filters.length === 1 && only !== undefined) return only.drop;
  const unwanted = filters.map(({ drop }) => drop.without).filter((without) => without !== undefined && without !== null);
  const kept = unwanted.reduce<string[] | null>((all, each) => (all === null ? each : all.filter((text) => each.includes(text))), null);
  return { ...Object.fromEntries([...dropped].map((param) => [param, null])), without: kept };
}
