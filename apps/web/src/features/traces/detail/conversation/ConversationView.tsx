"use client";
import type { ConversationEntry } from "@signalbox/api/client";
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { CornerDownRight, Wrench } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { StatusMark } from "../../../../components/ui/badge/StatusMark.tsx";
import { classNames } from "../../../../components/ui/classNames.ts";
import { OpenedTexts } from "../../../../components/ui/text/ClampedText.tsx";
import { JsonView } from "../../../../components/ui/text/JsonView.tsx";
import { formatDuration, nanosBetween } from "../../../../format/duration.ts";
import { Framed, MessageParts } from "./MessageParts.tsx";
import { roleLook } from "./roles.ts";

const ESTIMATED_PX = 96;
const OVERSCAN_ENTRIES = 6;
const LINES_MAX = { system: 4, other: 24, tool: 12 } as const;

/** The conversation of a trace, in order. The entries of the selected span are marked; choosing an entry selects its span. */
export function ConversationView({
  entries,
  isTruncated,
  traceStart,
  selectedId,
  onSelect,
}: {
  entries: readonly ConversationEntry[];
  isTruncated: boolean;
  traceStart: string;
  selectedId: string | null;
  onSelect: (spanId: string) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const keys = useMemo(() => keysOf(entries), [entries]);
  const [openedTexts] = useState(() => new Map<VirtualItem["key"], Set<string>>());
  const openedIn = (key: VirtualItem["key"]): Set<string> => {
    const opened = openedTexts.get(key) ?? new Set();
    openedTexts.set(key, opened);
    return opened;
  };
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => keys[index] ?? index, [keys]),
    estimateSize: () => ESTIMATED_PX,
    overscan: OVERSCAN_ENTRIES,
  });
  const selected = entries.findIndex((entry) => entry.spanId === selectedId);
  const bringIntoSight = useEffectEvent((first: number) => {
    const [top, height] = [virtualizer.scrollOffset ?? 0, virtualizer.scrollRect?.height ?? 0];
    const isInSight = virtualizer
      .getVirtualItems()
      .some(({ index, start, end }) => entries[index]?.spanId === selectedId && end > top && start < top + height);
    if (!isInSight) virtualizer.scrollToIndex(first, { align: "start" });
  });
  useEffect(() => {
    if (selected >= 0) bringIntoSight(selected);
  }, [selected]);

  /** Jumps to the ends. The browser knows where they are only once all entries are measured, and stops scrolling whenever one is. */
  const goToEnds = (event: KeyboardEvent): void => {
    if (event.key === "Home") virtualizer.scrollToIndex(0, { align: "start" });
    else if (event.key === "End") virtualizer.scrollToEnd();
    else return;
    event.preventDefault();
  };

  if (entries.length === 0) return <p className="bg-surface p-6 text-center text-muted">No span of this trace carries messages.</p>;
  return (
    <div
      ref={scroller}
      role="log"
      aria-label="Conversation"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard
      tabIndex={0}
      onKeyDown={goToEnds}
      className="min-h-0 flex-1 overflow-y-auto bg-surface outline-none"
    >
      {isTruncated && (
        <p className="border-b border-line bg-caution-soft px-4 py-1.5 text-sm text-caution">
          Only the first part of this long trace is told here.
        </p>
      )}
      <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const entry = entries[item.index];
          if (entry === undefined) return null;
          const isSelected = entry.spanId === selectedId;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: J and K choose entries
            // biome-ignore lint/a11y/noStaticElementInteractions: the whole entry is a larger target for its button
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              data-span={entry.spanId}
              onClick={(event) => {
                if (isMeantForEntry(event)) onSelect(entry.spanId);
              }}
              // Positioned without a transform: with one, sticky elements inside would stick to the wrong place.
              style={{ top: item.start }}
              className={classNames(
                "absolute inset-x-0 grid cursor-pointer grid-cols-[6rem_minmax(0,1fr)] gap-x-3 border-b border-line/70 py-2.5 pr-4 pl-4 hover:bg-hover",
                isSelected && "bg-accent-soft/55 shadow-[inset_2px_0_0_var(--accent)] hover:bg-accent-soft/55",
              )}
            >
              <Speaker entry={entry} traceStart={traceStart} isSelected={isSelected} onSelect={onSelect} />
              <OpenedTexts value={openedIn(item.key)}>
                <Said entry={entry} />
              </OpenedTexts>
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** A key for each entry from its span and its index among that span's entries, so that it keeps its row when others arrive before it. */
function keysOf(entries: readonly ConversationEntry[]): string[] {
  const counts = new Map<string, number>();
  return entries.map(({ spanId }) => {
    const count = (counts.get(spanId) ?? 0) + 1;
    counts.set(spanId, count);
    return `${spanId}/${count}`;
  });
}

/** Whether a click is meant for the entry: not on a button inside it, and not at the end of a text selection. */
function isMeantForEntry({ target }: MouseEvent): boolean {
  const isOnButton = target instanceof Element && target.closest("button") !== null;
  return !isOnButton && window.getSelection()?.isCollapsed !== false;
}

function Speaker({
  entry,
  traceStart,
  isSelected,
  onSelect,
}: {
  entry: ConversationEntry;
  traceStart: string;
  isSelected: boolean;
  onSelect: (spanId: string) => void;
}) {
  const { label, className } = roleLook(entry.kind === "tool" ? "tool" : entry.role);
  return (
    <div className="sticky top-2.5 flex flex-col items-start self-start">
      <button
        type="button"
        aria-pressed={isSelected}
        onClick={() => onSelect(entry.spanId)}
        className={classNames("text-sm font-semibold hover:underline", className)}
      >
        {label}
      </button>
      {entry.kind === "message" && entry.agent !== null && entry.role === "assistant" && (
        <span className="max-w-full truncate text-xs text-faint" title={entry.agent}>
          {entry.agent}
        </span>
      )}
      <span className="text-xs text-faint tabular-nums">+{formatDuration(nanosBetween(traceStart, entry.timeUnixNano))}</span>
    </div>
  );
}

function Said({ entry }: { entry: ConversationEntry }) {
  if (entry.kind === "message")
    return <MessageParts parts={entry.parts} linesMax={entry.role === "system" ? LINES_MAX.system : LINES_MAX.other} />;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {entry.request !== null && (
        <Framed
          icon={<Wrench className="size-3.5 text-kind-tool" aria-hidden />}
          title={entry.name}
          note={entry.callId}
          copy={entry.request}
        >
          <JsonView value={entry.request} linesMax={LINES_MAX.tool} />
        </Framed>
      )}
      <Framed
        icon={<CornerDownRight className="size-3.5 text-kind-tool" aria-hidden />}
        title={`${entry.name} result`}
        note={entry.callId}
        copy={entry.result ?? ""}
      >
        {entry.isError && (
          <div className="mb-1 text-sm text-danger">
            <StatusMark status="error" />
          </div>
        )}
        {entry.result === null ? (
          <span className="text-faint">No result on the span</span>
        ) : (
          <JsonView value={entry.result} linesMax={LINES_MAX.tool} />
        )}
      </Framed>
    </div>
  );
}
