"use client";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type RefObject, useEffect, useRef } from "react";
import { classNames } from "../../../../components/ui/classNames.ts";
import { Button } from "../../../../components/ui/form/Button.tsx";
import { formatCount } from "../../../../format/amounts.ts";
import { usePreference } from "../../../../preferences/usePreference.ts";
import { keysOf } from "../../../../shortcuts/index.ts";
import { useTRPC } from "../../../../trpc/TrpcProvider.tsx";
import { type ListParams, type ListUpdate, listInputOf } from "../listParams.ts";
import { FacetSection } from "./FacetSection.tsx";
import { FACETS, type Facet } from "./facets.ts";
import { ScoreFields } from "./ScoreFields.tsx";
import { TraceFields } from "./TraceFields.tsx";

const TOP_VALUES = 8;
/**
 * Poll interval of a live list's facets, in milliseconds: counting reads every span of the time range, so it is rarer than the look for new
 * traces.
 */
const LIVE_POLL_MS = 30_000;

/**
 * The filters of the list: its fields, and facets with the number of traces per value under all other conditions. The panel is beside the
 * list, or over it if there is no room (`isOver`).
 */
export function FacetPanel({
  params,
  isAsked,
  isLive,
  isOver,
  panelRef,
  onChange,
  onClose,
}: {
  params: ListParams;
  isAsked: boolean;
  isLive: boolean;
  isOver: boolean;
  panelRef: RefObject<HTMLElement | null>;
  onChange: (update: ListUpdate) => void;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const [openFacets, setOpenFacets] = usePreference("openFacets");
  const open = FACETS.map(({ facet }) => facet).filter((facet) => openFacets.split(" ").includes(facet));
  const counts = useQuery(
    trpc.traces.facetValues.queryOptions(
      { ...listInputOf(params), facets: open, limit: TOP_VALUES },
      {
        enabled: isAsked && open.length > 0,
        staleTime: 10_000,
        refetchInterval: isLive ? LIVE_POLL_MS : false,
        placeholderData: (previous) => previous,
      },
    ),
  );
  const oneIn = Math.max(1, ...(counts.data ?? []).map((answer) => answer.oneIn));
  const setOpen = (facet: Facet, isOpen: boolean): void =>
    setOpenFacets(
      FACETS.map((each) => each.facet)
        .filter((each) => (each === facet ? isOpen : open.includes(each)))
        .join(" "),
    );
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    panelRef.current = frame.current;
  }, [panelRef]);

  return (
    <aside
      ref={frame}
      aria-label="Filters"
      className={classNames(
        "flex w-60 shrink-0 flex-col overflow-y-auto border-r border-line bg-surface pb-4",
        isOver && "absolute inset-y-0 left-0 z-30 w-72 shadow-pop",
      )}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOver) return;
        event.preventDefault();
        onClose();
      }}
    >
      <div className="flex h-9 shrink-0 items-center justify-between pr-1.5 pl-3">
        <h2 className="text-xs font-semibold text-faint">Filters</h2>
        <Button tone="quiet" size="smallIcon" aria-label="Hide filters" title={`Hide filters (${keysOf("filters")})`} onClick={onClose}>
          <X className="size-3.5" aria-hidden />
        </Button>
      </div>
      <TraceFields params={params} onChange={onChange} />
      <ScoreFields params={params} onChange={onChange} />
      {oneIn > 1 && <p className="px-3 pb-2 text-xs text-faint">Counts estimated from 1 trace in {formatCount(oneIn)}</p>}
      {FACETS.map(({ facet }) => (
        <FacetSection
          key={facet}
          facet={facet}
          params={params}
          counted={{
            answer: counts.data?.find((answer) => answer.facet === facet),
            isOld: counts.isPlaceholderData,
            error: counts.error,
            retry: () => void counts.refetch(),
          }}
          isOpen={open.includes(facet)}
          onOpenChange={(isOpen) => setOpen(facet, isOpen)}
          onChange={onChange}
        />
      ))}
    </aside>
  );
}
