"use client";
import { ChevronDown, ChevronUp, CircleX, FoldVertical, Route, Search, UnfoldVertical } from "lucide-react";
import { type RefObject, useState } from "react";
import { classNames } from "../../../components/ui/classNames.ts";
import { Button } from "../../../components/ui/form/Button.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { Kbd } from "../../../components/ui/text/Kbd.tsx";
import { keysOf } from "../../../shortcuts/index.ts";
import type { TraceView } from "./traceParams.ts";

const VIEWS = [
  { value: "tree", label: "Tree", shortcut: "viewTree" },
  { value: "waterfall", label: "Waterfall", shortcut: "viewWaterfall" },
  { value: "conversation", label: "Conversation", shortcut: "viewConversation" },
] as const;

/** The view of the trace, and the search in it. */
export function TraceToolbar({
  view,
  onView,
  searchRef,
  text,
  onText,
  matchCount,
  matchIndex,
  onNextMatch,
  errorsOnly,
  onErrorsOnly,
  onExpandAll,
  onCollapseAll,
  decisions,
}: {
  view: TraceView;
  onView: (view: TraceView) => void;
  searchRef: RefObject<HTMLInputElement | null>;
  text: string;
  onText: (text: string) => void;
  matchCount: number;
  matchIndex: number;
  onNextMatch: (step: 1 | -1) => void;
  errorsOnly: boolean;
  onErrorsOnly: (errorsOnly: boolean) => void;
  onExpandAll: () => void;
  onCollapseAll: () => void;
  decisions: { count: number; isShown: boolean; onShow: (isShown: boolean) => void } | null;
}) {
  const isTree = view !== "conversation";
  return (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-1 border-b border-line bg-surface px-3 py-1">
      <fieldset aria-label="View" className="mr-1 flex shrink-0 rounded-md bg-sunken p-0.5">
        {VIEWS.map(({ value, label, shortcut }) => (
          <button
            key={value}
            type="button"
            aria-pressed={view === value}
            aria-keyshortcuts={keysOf(shortcut)}
            onClick={() => onView(value)}
            className={classNames(
              "flex h-6 items-center gap-1.5 rounded-sm px-2 text-sm font-medium text-muted hover:text-ink",
              view === value && "bg-raised text-ink shadow-[0_0_0_1px_var(--line-strong)]",
            )}
          >
            {label}
            <Kbd keys={keysOf(shortcut)} className="max-xl:hidden" />
          </button>
        ))}
      </fieldset>
      {isTree && (
        <>
          <TraceSearch
            inputRef={searchRef}
            text={text}
            onText={onText}
            matchCount={matchCount}
            matchIndex={matchIndex}
            onNextMatch={onNextMatch}
          />
          {text !== "" && (
            <>
              <Button
                tone="quiet"
                size="icon"
                aria-label="Previous match"
                title="Previous match (Shift Enter)"
                disabled={matchCount === 0}
                onClick={() => onNextMatch(-1)}
              >
                <ChevronUp className="size-4" aria-hidden />
              </Button>
              <Button
                tone="quiet"
                size="icon"
                aria-label="Next match"
                title="Next match (Enter)"
                disabled={matchCount === 0}
                onClick={() => onNextMatch(1)}
              >
                <ChevronDown className="size-4" aria-hidden />
              </Button>
            </>
          )}
          <Button
            tone="quiet"
            size="icon"
            aria-pressed={errorsOnly}
            aria-label="Errors only"
            title={`Errors only (${keysOf("errorsOnly")})`}
            className={errorsOnly ? "bg-danger-soft text-danger" : ""}
            onClick={() => onErrorsOnly(!errorsOnly)}
          >
            <CircleX className="size-4" aria-hidden />
          </Button>
          <Button tone="quiet" size="icon" aria-label="Expand all" title={`Expand all (${keysOf("expandAll")})`} onClick={onExpandAll}>
            <UnfoldVertical className="size-4" aria-hidden />
          </Button>
          <Button
            tone="quiet"
            size="icon"
            aria-label="Collapse all"
            title={`Collapse all (${keysOf("collapseAll")})`}
            onClick={onCollapseAll}
          >
            <FoldVertical className="size-4" aria-hidden />
          </Button>
        </>
      )}
      {decisions !== null && (
        <Button
          tone="quiet"
          aria-pressed={decisions.isShown}
          title={`Decision log (${keysOf("decisions")})`}
          className="ml-auto"
          onClick={() => decisions.onShow(!decisions.isShown)}
        >
          <Route className="size-4" aria-hidden />
          <span className="max-lg:sr-only">Decisions</span>
          <span className="tabular-nums opacity-80">{decisions.count}</span>
        </Button>
      )}
    </div>
  );
}

function TraceSearch({
  inputRef,
  text,
  onText,
  matchCount,
  matchIndex,
  onNextMatch,
}: {
  inputRef: RefObject<HTMLInputElement | null>;
  text: string;
  onText: (text: string) => void;
  matchCount: number;
  matchIndex: number;
  onNextMatch: (step: 1 | -1) => void;
}) {
  const [isFocused, setIsFocused] = useState(false);
  return (
    <div className="relative w-44 min-w-32 shrink">
      <Search className="pointer-events-none absolute top-1.5 left-2 size-4 text-faint" aria-hidden />
      <Input
        ref={inputRef}
        aria-label="Search in this trace"
        placeholder="Search spans"
        value={text}
        onValueChange={onText}
        onFocus={() => setIsFocused(true)}
        onBlur={() => setIsFocused(false)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onNextMatch(event.shiftKey ? -1 : 1);
          if (event.key !== "Escape") return;
          // Escape leaves the field; the page stays.
          event.preventDefault();
          onText("");
          event.currentTarget.blur();
        }}
        className="pr-14 pl-7"
      />
      <span className="pointer-events-none absolute top-1.25 right-2 text-xs text-faint tabular-nums" role="status">
        {text === "" ? !isFocused && <Kbd keys={keysOf("search")} /> : `${matchCount === 0 ? 0 : matchIndex + 1}/${matchCount}`}
      </span>
    </div>
  );
}
