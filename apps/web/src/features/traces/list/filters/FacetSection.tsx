"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { LIST_LIMITS } from "@signalbox/api/client";
import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Badge } from "../../../../components/ui/badge/Badge.tsx";
import { classNames } from "../../../../components/ui/classNames.ts";
import { Button } from "../../../../components/ui/form/Button.tsx";
import { Input } from "../../../../components/ui/form/Input.tsx";
import { Skeleton } from "../../../../components/ui/state/Skeleton.tsx";
import { formatCount } from "../../../../format/amounts.ts";
import { failureOf } from "../../../../trpc/failureOf.ts";
import { useTRPC } from "../../../../trpc/TrpcProvider.tsx";
import { facetChoices, type ListParams, type ListUpdate, listInputOf } from "../listParams.ts";
import { FacetValue } from "./FacetValue.tsx";
import { FACETS, type Facet, facetText } from "./facets.ts";
import { type Choice, choose } from "./filterNames.ts";

type Answer = RouterOutputs["traces"]["facetValues"][number];

/** The most values shown on "more". */
const MORE_VALUES_MAX = 200;

/** The number of values from which they can be searched. */
const SEARCHED_FROM = 10;

/** The state of a facet: its values, that they are still being counted, or the error. */
export type Counted = { answer: Answer | undefined; isOld: boolean; error: unknown; retry: () => void };

/** One facet: its values with their counts, including chosen ones. When closed it says how many are chosen. */
export function FacetSection({
  facet,
  params,
  counted,
  isOpen,
  onOpenChange,
  onChange,
}: {
  facet: Facet;
  params: ListParams;
  counted: Counted;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  onChange: (update: ListUpdate) => void;
}) {
  const { only, without } = facetChoices(params);
  const chosen = (only[facet]?.length ?? 0) + (without[facet]?.length ?? 0);
  const label = FACETS.find((candidate) => candidate.facet === facet)?.label ?? facet;
  return (
    <section className="border-t border-line/70">
      <h3>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => onOpenChange(!isOpen)}
          className="flex h-8 w-full items-center gap-1 pr-3 pl-2 text-sm font-medium text-muted hover:text-ink"
        >
          <ChevronRight
            className={classNames("size-3.5 text-faint transition-transform duration-100", isOpen && "rotate-90")}
            aria-hidden
          />
          {label}
          {chosen > 0 && (
            <Badge tone="accent" className="ml-auto h-4 px-1 tabular-nums">
              {chosen}
              <span className="sr-only"> chosen</span>
            </Badge>
          )}
        </button>
      </h3>
      {isOpen && <FacetValues facet={facet} label={label} params={params} counted={counted} onChange={onChange} />}
    </section>
  );
}

function FacetValues({
  facet,
  label,
  params,
  counted,
  onChange,
}: {
  facet: Facet;
  label: string;
  params: ListParams;
  counted: Counted;
  onChange: (update: ListUpdate) => void;
}) {
  const trpc = useTRPC();
  const [search, setSearch] = useState("");
  const [isAll, setIsAll] = useState(false);
  const isOwn = isAll || search !== "";
  const own = useQuery(
    trpc.traces.facetValues.queryOptions(
      { ...listInputOf(params), facets: [facet], search, limit: MORE_VALUES_MAX },
      { enabled: isOwn, staleTime: 10_000, placeholderData: (previous) => previous },
    ),
  );
  const shown: Counted = isOwn
    ? { answer: own.data?.[0], isOld: own.isPlaceholderData, error: own.error, retry: () => void own.refetch() }
    : counted;
  const { answer, isOld, error, retry } = shown;
  if (answer === undefined && error !== null)
    return (
      <div role="alert" className="flex flex-col items-start gap-1.5 px-3 pb-3 text-sm text-danger">
        {failureOf(error).message}
        <Button size="small" onClick={retry}>
          Count again
        </Button>
      </div>
    );
  if (answer === undefined) return <CountingValues label={label} />;

  const choices = chosenOf(facet, params);
  const unfound = [...choices.keys()].filter(
    (value) => !answer.top.some((found) => found.value === value) && value.toLowerCase().includes(search.toLowerCase()),
  );
  const isEstimate = answer.oneIn > 1;
  const rows = [...answer.top, ...unfound.map((value) => ({ value, traces: isEstimate ? null : 0 }))];
  const more = answer.values - answer.top.length;
  const isSearched = search !== "" || answer.values > SEARCHED_FROM;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame and legend
    <div role="group" aria-label={label} aria-busy={isOld} className="px-1.5 pb-2" onKeyDown={walk}>
      {isSearched && (
        <Input
          aria-label={`Search ${label.toLowerCase()} values`}
          placeholder={`Search ${formatCount(answer.values)} values`}
          value={search}
          maxLength={LIST_LIMITS.textCharsMax}
          onValueChange={setSearch}
          className="mx-1.5 mb-1 h-6 w-[calc(100%-0.75rem)]"
        />
      )}
      <ul className={classNames("max-h-80 overflow-y-auto", isOld && "opacity-60")}>
        {rows.map(({ value, traces }, index) => (
          <FacetValue
            key={value}
            text={facetText(facet, value)}
            traces={traces}
            isEstimate={isEstimate}
            choice={choices.get(value) ?? null}
            isStop={index === 0}
            onChoose={(choice) => onChange((now) => choose(now, facet, value, choice))}
          />
        ))}
      </ul>
      {rows.length === 0 && (
        <p className="px-1.5 py-1 text-sm text-faint">
          {search === "" ? "No trace has one" : "No value contains it"}
          {isEstimate && ", of those counted"}
        </p>
      )}
      {more > 0 && (
        <p className="flex items-center px-1.5 text-xs text-faint">
          {isOwn ? (
            `${formatCount(more)} more: search to find them`
          ) : (
            <Button tone="quiet" size="small" className="-ml-2 text-accent" onClick={() => setIsAll(true)}>
              {formatCount(more)} more
            </Button>
          )}
        </p>
      )}
    </div>
  );
}

function CountingValues({ label }: { label: string }) {
  return (
    <div role="status" aria-label={`Counting ${label.toLowerCase()} values`} className="flex flex-col gap-2.5 px-3 pt-1 pb-4">
      <Skeleton className="w-4/5" />
      <Skeleton className="w-3/5" />
      <Skeleton className="w-2/3" />
    </div>
  );
}

function chosenOf(facet: Facet, params: ListParams): ReadonlyMap<string, Choice> {
  const { only, without } = facetChoices(params);
  return new Map([
    ...(only[facet] ?? []).map((value) => [value, "only"] as const),
    ...(without[facet] ?? []).map((value) => [value, "without"] as const),
  ]);
}

/** Arrow keys walk over a facet's values, and to the right to the button that excludes one. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const { key, target } = event;
  if (!(target instanceof HTMLElement) || target.tagName === "INPUT") return;
  const values = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-facet-value]")];
  const at = values.findIndex((value) => value.closest("li") === target.closest("li"));
  const next = {
    ArrowDown: values[at + 1],
    ArrowUp: values[at - 1],
    Home: values[0],
    End: values.at(-1),
    ArrowRight: values[at]?.closest("li")?.querySelector<HTMLElement>("button[aria-pressed]"),
    ArrowLeft: values[at],
  }[key];
  if (next === undefined || next === null) return;
  event.preventDefault();
  next.focus();
}
