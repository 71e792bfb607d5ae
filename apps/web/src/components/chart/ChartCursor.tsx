"use client";
import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { Stretch } from "./timeGrid.ts";

/** Where one points at, in all charts alike; `chart` is the one that the pointer or the focus is in. */
export type Cursor = { chart: string | null; step: number | null; stretch: Stretch | null };

const NOWHERE: Cursor = { chart: null, step: null, stretch: null };

const CursorContext = createContext<{ cursor: Cursor; setCursor: (cursor: Cursor) => void } | null>(null);

/**
 * Charts below it, all of the same steps, share one crosshair and one
 * chosen stretch. `of` names the steps: with others nothing is pointed at.
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
