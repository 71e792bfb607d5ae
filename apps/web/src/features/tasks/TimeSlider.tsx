"use client";
import { ChevronLeft, ChevronRight, ChevronsLeft, ChevronsRight, type LucideIcon } from "lucide-react";
import { type PointerEvent, type ReactNode, useRef } from "react";
import { classNames } from "../../components/ui/classNames.ts";
import { Button } from "../../components/ui/form/Button.tsx";
import { formatDuration } from "../../format/duration.ts";
import { keysOf, type ShortcutId } from "../../shortcuts/index.ts";
import { momentText, momentTone } from "./momentText.ts";
import type { Moment } from "./timeline.ts";

const NS_PER_MS = 1e6;

/** The most marks that are drawn with gaps between them. */
const GAPS_UP_TO = 150;

const MARKS = {
  plain: "h-2 bg-control",
  outline: "h-2 bg-control",
  accent: "h-2 bg-accent",
  clear: "h-4 bg-clear-mark",
  caution: "h-3 bg-caution-mark",
  danger: "h-4 bg-danger-mark",
} as const;

/** A slider over a task's moments: one mark per moment, wide if there is room. `children` are the actions at the moment. */
export function TimeSlider({
  moments,
  index,
  onGoTo,
  children,
}: {
  moments: readonly Moment[];
  index: number;
  onGoTo: (index: number) => void;
  children?: ReactNode;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [last, moment] = [moments.length - 1, moments[index]];
  if (moment === undefined) return null;
  const title = momentText(moment);
  const place = moment.step === null ? "between steps" : `step ${moment.step.number}`;
  const sinceStartNs = (Date.parse(moment.time) - Date.parse(moments[0]?.time ?? moment.time)) * NS_PER_MS;

  const point = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    onGoTo(Math.floor(((event.clientX - left) / width) * moments.length));
  };
  const go = (id: ShortcutId, label: string, to: number, Icon: LucideIcon) => (
    <Button
      tone="quiet"
      size="icon"
      aria-label={label}
      title={`${label} (${keysOf(id).replace("Arrow", "")})`}
      aria-keyshortcuts={keysOf(id)}
      disabled={to < 0 || to > last || to === index}
      onClick={() => onGoTo(to)}
    >
      <Icon className="size-4" aria-hidden />
    </Button>
  );

  return (
    <section aria-label="Time travel" className="shrink-0 border-b border-line bg-surface px-4 pt-1.5 pb-2">
      <div className="flex min-h-8 min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
        <span className="-ml-1.5 flex shrink-0 items-center">
          {go("firstMoment", "To its beginning", index === 0 ? -1 : 0, ChevronsLeft)}
          {go("earlier", "Back by a moment", index - 1, ChevronLeft)}
          {go("later", "On by a moment", index + 1, ChevronRight)}
          {go("lastMoment", "To its end", last, ChevronsRight)}
        </span>
        <span className="shrink-0 text-xs text-faint tabular-nums">
          {index + 1} of {moments.length}, {place}, attempt {moment.attempt}
        </span>
        <h2 className="min-w-0 flex-1 basis-60 truncate font-semibold" title={title}>
          {title}
        </h2>
        <span className="shrink-0 text-xs text-faint tabular-nums">+{formatDuration(sinceStartNs)}</span>
        {children}
      </div>
      <div
        onPointerDown={(event) => {
          event.preventDefault();
          event.currentTarget.setPointerCapture(event.pointerId);
          input.current?.focus({ preventScroll: true });
          point(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) point(event);
        }}
        className="relative mt-1 flex h-6 cursor-pointer touch-none items-center rounded-md bg-sunken has-focus-visible:outline-2 has-focus-visible:outline-accent"
      >
        <input
          ref={input}
          type="range"
          min={0}
          max={last}
          step={1}
          value={index}
          aria-label="Moment"
          aria-valuetext={`${index + 1} of ${moments.length}: ${title}`}
          onChange={(event) => onGoTo(event.currentTarget.valueAsNumber)}
          className="pointer-events-none absolute inset-0 opacity-0"
        />
        {moments.map((one, at) => (
          <span
            key={one.key}
            aria-hidden
            className={classNames("flex h-full min-w-0 flex-1 items-center justify-center", at === index && "rounded-sm bg-accent-soft")}
          >
            <span
              className={classNames(
                "rounded-full",
                moments.length <= GAPS_UP_TO ? "w-1/2 max-w-6 min-w-0.5" : "w-full",
                MARKS[momentTone(one)],
                at > index && "opacity-35",
                at === index && "h-5 max-w-1.5 bg-accent",
              )}
            />
          </span>
        ))}
      </div>
    </section>
  );
}
