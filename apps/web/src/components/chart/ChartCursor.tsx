"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Stretch } from "./timeGrid.ts";

/** The position of the crosshair, shared by all charts; `chart` is the one with the pointer or the focus. */
export type Cursor = { chart: string | null; step: number | null; stretch: Stretch | null };

const NOWHERE: Cursor = { chart: null, step: null, stretch: null };

const CursorContext = createContext<{ cursor: Cursor; setCursor: (cursor: Cursor) => void } | null>(null);

/**
 * The charts below it, which all have the same steps, share one crosshair and one selected stretch. `of` identifies the steps: when they
 * change, the position is cleared.
 */
export function ChartCursor({ of, children }: { of: string; children: ReactNode }) {
  const [{ named, cursor }, setPointed] = useState({ named: of, cursor: NOWHERE });
  if (named !== of) setPointed({ named: of, cursor: NOWHERE });
  const value = useMemo(() => ({ cursor, setCursor: (next: Cursor) => setPointed({ named: of, cursor: next }) }), [cursor, of]);
  return <CursorContext value={value}>{children}</CursorContext>;
}

export function useCursor() {
  const context = useContext(CursorContext);
  if (context === null) throw new Error("a chart is outside of <ChartCursor>");
  return context;
}
