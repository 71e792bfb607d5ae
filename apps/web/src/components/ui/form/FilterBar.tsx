"use client";
import { ListFilter, Search, X } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { keysOf } from "../../../shortcuts/index.ts";
import { Kbd } from "../text/Kbd.tsx";
import { Button } from "./Button.tsx";
import { Input } from "./Input.tsx";

/** A condition in force: `text` is its content, `clear` drops it. */
export type FilterChip = { id: string; label: string; text: string; clear: () => void };

/**
 * The search field, the conditions in force, and the button of the panel that edits them. `lead` comes before them, `children` are at the
 * right end.
 */
export function FilterBar({
  searchRef,
  searchLabel,
  text,
  textCharsMax,
  onText,
  chips,
  onClearAll,
  isPanelOpen,
  onPanelOpenChange,
  lead,
  children,
}: {
  searchRef: RefObject<HTMLInputElement | null>;
  searchLabel: string;
  text: string;
  textCharsMax: number;
  onText: (text: string) => void;
  chips: readonly FilterChip[];
  onClearAll: () => void;
  isPanelOpen: boolean;
  onPanelOpenChange: (open: boolean) => void;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <search className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2">
      {lead}
      <SearchField inputRef={searchRef} label={searchLabel} text={text} charsMax={textCharsMax} onText={onText} />
      <Button
        aria-keyshortcuts={keysOf("filters")}
        aria-expanded={isPanelOpen}
        title={`${isPanelOpen ? "Hide" : "Show"} filters (${keysOf("filters")})`}
        onClick={() => onPanelOpenChange(!isPanelOpen)}
      >
        <ListFilter className="size-3.5" aria-hidden />
        Filter
      </Button>
      {chips.length > 0 && (
        <ul aria-label="Active filters" className="flex min-w-0 flex-wrap items-center gap-1.5">
          {chips.map((chip) => (
            <li
              key={chip.id}
              className="flex h-6 max-w-72 items-center rounded-md border border-accent/35 bg-accent-soft text-sm text-accent"
            >
              <button type="button" onClick={() => onPanelOpenChange(true)} className="flex min-w-0 items-center gap-1 pl-2">
                <span className="shrink-0">{chip.label}</span>
                <span className="truncate font-medium">{chip.text}</span>
              </button>
              <button
                type="button"
                onClick={chip.clear}
                aria-label={`Clear ${chip.label} ${chip.text}`}
                className="flex size-6 shrink-0 items-center justify-center rounded-md hover:bg-accent/15"
              >
                <X className="size-3" aria-hidden />
              </button>
            </li>
          ))}
          {chips.length > 1 && (
            <li>
              <Button tone="quiet" size="small" onClick={onClearAll}>
                Clear all
              </Button>
            </li>
          )}
        </ul>
      )}
      <div className="ml-auto flex items-center gap-2">{children}</div>
    </search>
  );
}

/**
 * Searches on Enter or when it loses focus, so that a half-typed word sends no query. It says when the text has reached its maximum length.
 */
export function SearchField({
  inputRef,
  label,
  text,
  charsMax,
  onText,
}: {
  inputRef: RefObject<HTMLInputElement | null>;
  label: string;
  text: string;
  charsMax: number;
  onText: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  const commit = (): void => {
    if (typed.trim() !== text) onText(typed.trim());
  };
  return (
    <div className="relative w-64 shrink-0">
      <Search className="pointer-events-none absolute top-1.5 left-2 size-4 text-faint" aria-hidden />
      <Input
        ref={inputRef}
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        maxLength={charsMax}
        onValueChange={setTyped}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key !== "Escape") return;
          event.preventDefault();
          event.currentTarget.blur();
        }}
        className="px-7 [&::-webkit-search-cancel-button]:hidden"
      />
      <Kbd keys={keysOf("search")} className="pointer-events-none absolute top-1.25 right-1.5 text-faint" />
      <p role="status" className="text-xs text-caution empty:hidden">
        {typed.length >= charsMax && `${charsMax} characters at most`}
      </p>
    </div>
  );
}
