"use client";
import { type KeyboardEvent, type PointerEvent, type RefObject, useId, useRef } from "react";
import { useCursor } from "./ChartCursor.tsx";
import { clampStep, type Stretch, stepAtShare, stretchOf, type TimeGrid } from "./timeGrid.ts";

const PAGE_STEPS = 10;

/** The possible actions on a chart; see `TimeChart`. With `keepsStretch` a stretch stays selected. */
export type ChartActs = {
  onStep?: ((step: number) => void) | undefined;
  onStretch?: ((stretch: Stretch) => void) | undefined;
  keepsStretch: boolean;
};

/** Moves the crosshair and selects steps, by pointer and keys. */
export function usePointing(plot: RefObject<HTMLElement | null>, grid: TimeGrid, { onStep, onStretch, keepsStretch }: ChartActs) {
  const id = useId();
  const dragFrom = useRef<number | null>(null);
  const { cursor, setCursor } = useCursor();
  const canStretch = keepsStretch || onStretch !== undefined;
  const last = grid.count - 1;
  const step = cursor.step === null ? null : clampStep(grid.count, cursor.step);

  const stepAt = ({ clientX }: PointerEvent): number => {
    const { left = 0, width = 1 } = plot.current?.getBoundingClientRect() ?? {};
    return stepAtShare(grid, (clientX - left) / width);
  };
  const open = (stretch: Stretch): void => {
    setCursor({ chart: id, step: null, stretch: null });
    onStretch?.(stretch);
  };
  const moveTo = (to: number, isStretching: boolean): void => {
    const { stretch } = cursor;
    const at = step ?? last;
    const anchor = stretch === null ? at : stretch.first === at ? stretch.last : stretch.first;
    setCursor({ chart: id, step: to, stretch: isStretching && canStretch ? stretchOf(anchor, to) : null });
  };

  const handlers = {
    onPointerDown: (event: PointerEvent): void => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      dragFrom.current = stepAt(event);
    },
    onPointerMove: (event: PointerEvent): void => {
      const [from, at] = [dragFrom.current, stepAt(event)];
      const dragged = from === null || !canStretch || from === at ? null : stretchOf(from, at);
      setCursor({ chart: id, step: at, stretch: from === null ? cursor.stretch : dragged });
    },
    onPointerUp: (event: PointerEvent): void => {
      const [from, at] = [dragFrom.current, stepAt(event)];
      dragFrom.current = null;
      if (from === null) return;
      if (from === at || !canStretch) onStep?.(at);
      else if (keepsStretch) setCursor({ chart: id, step: null, stretch: stretchOf(from, at) });
      else open(stretchOf(from, at));
    },
    onPointerCancel: (): void => {
      dragFrom.current = null;
    },
    onPointerLeave: (): void => {
      if (dragFrom.current === null) setCursor({ ...cursor, step: null });
    },
    onFocus: (): void => setCursor({ ...cursor, chart: id, step: step ?? last }),
    onBlur: (): void => setCursor({ ...cursor, step: null }),
    onKeyDown: (event: KeyboardEvent): void => {
      const at = step ?? last;
      const { stretch } = cursor;
      const moves: Readonly<Record<string, number>> = {
        ArrowLeft: at - 1,
        ArrowRight: at + 1,
        PageUp: at - PAGE_STEPS,
        PageDown: at + PAGE_STEPS,
        Home: 0,
        End: last,
      };
      const moved = moves[event.key];
      if (moved !== undefined) moveTo(clampStep(grid.count, moved), event.shiftKey);
      else if (event.key === "Enter" && stretch !== null && onStretch !== undefined) open(stretch);
      else if (event.key === "Enter" && stretch === null && onStep !== undefined) onStep(at);
      else if (event.key === "Escape" && stretch !== null) setCursor({ ...cursor, stretch: null });
      else return;
      event.preventDefault();
    },
  };
  const isHere = cursor.chart === id;
  return { handlers, step, stretch: cursor.stretch, isHere, isDragging: dragFrom.current !== null };
}
