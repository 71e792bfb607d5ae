"use client";
import { type ReactNode, useRef } from "react";
import { classNames } from "../classNames.ts";
import { useWidth } from "./useWidth.ts";

const STEP_PERCENT = 2;

/** Most of the window's height, so that the edge of the other pane stays visible. */
const STACKED_PANE = "h-4/5 shrink-0 border-b border-line-strong";

/**
 * Two panes with a bar between them that can be dragged, or moved by arrow keys. `percent` is the first pane's share. In less than
 * `stackBelowPx` of width the panes are stacked and scroll together. Without a second pane the first takes all the room; it is not
 * remounted when the second appears, so the focus in it stays.
 */
export function Splitter({
  direction,
  percent,
  onChange,
  min = 20,
  max = 80,
  stackBelowPx = 0,
  label,
  first,
  second,
}: {
  direction: "columns" | "rows";
  percent: number;
  onChange: (percent: number) => void;
  min?: number;
  max?: number;
  stackBelowPx?: number;
  label: string;
  first: ReactNode;
  second: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const isColumns = direction === "columns";
  const isStacked = (useWidth(box) ?? stackBelowPx) < stackBelowPx;
  const isAlone = second === null;
  const moveTo = (wanted: number): void => onChange(Math.round(Math.min(max, Math.max(min, wanted)) * 10) / 10);

  const drag = (event: React.PointerEvent): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || box.current === null) return;
    const { left, top, width, height } = box.current.getBoundingClientRect();
    moveTo(isColumns ? ((event.clientX - left) / width) * 100 : ((event.clientY - top) / height) * 100);
  };
  const nudge = (event: React.KeyboardEvent): void => {
    const back = isColumns ? "ArrowLeft" : "ArrowUp";
    const forth = isColumns ? "ArrowRight" : "ArrowDown";
    if (event.key !== back && event.key !== forth) return;
    event.preventDefault();
    moveTo(percent + (event.key === forth ? STEP_PERCENT : -STEP_PERCENT));
  };

  return (
    <div
      ref={box}
      className={classNames("flex min-h-0 min-w-0 flex-1", isStacked ? "flex-col overflow-y-auto" : isColumns ? "flex-row" : "flex-col")}
    >
      <div
        className={classNames("flex min-h-0 min-w-0 flex-col", isStacked && STACKED_PANE)}
        style={isStacked ? {} : { flexBasis: isAlone ? "100%" : `${percent}%`, flexShrink: 1, flexGrow: 0 }}
      >
        {first}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved, a separator with a value can */}
      <div
        hidden={isStacked || isAlone}
        role="separator"
        tabIndex={0}
        aria-label={label}
        aria-orientation={isColumns ? "vertical" : "horizontal"}
        aria-valuenow={Math.round(percent)}
        aria-valuemin={min}
        aria-valuemax={max}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={nudge}
        className={classNames(
          "relative z-10 shrink-0 touch-none bg-line hover:bg-accent focus-visible:bg-accent active:bg-accent",
          "before:absolute",
          isColumns
            ? "w-px cursor-col-resize before:-inset-x-1.5 before:inset-y-0"
            : "h-px cursor-row-resize before:inset-x-0 before:-inset-y-1.5",
        )}
      />
      {!isAlone && <div className={classNames("flex min-h-0 min-w-0 flex-col", isStacked ? STACKED_PANE : "flex-1")}>{second}</div>}
    </div>
  );
}
