"use client";
import { createContext, type ReactNode, useContext, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { formatCount } from "../../../format/amounts.ts";
import { Button } from "../form/Button.tsx";

/** The position at which a text longer than `linesMax` lines (counting wrapped ones) is cut, or null if it is short enough. */
export function clampAt(text: string, linesMax: number, charsPerLine = 110): number | null {
  let lines = 0;
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    const folded = Math.max(1, Math.ceil((end - at) / charsPerLine));
    if (lines + folded > linesMax) return Math.min(end, at + (linesMax - lines) * charsPerLine) || null;
    lines += folded;
    at = end + 1;
  }
  return null;
}

/**
 * The long texts expanded in one row of a virtual list. A row that scrolls out is unmounted; this restores its state when it comes back.
 */
export const OpenedTexts = createContext<Set<string> | null>(null);

/** Text whose end is hidden if it is long, until the reader expands it. `children` renders the shown part. */
export function ClampedText({ text, linesMax, children }: { text: string; linesMax: number; children: (shown: string) => ReactNode }) {
  const opened = useContext(OpenedTexts);
  const [isWhole, setIsWhole] = useState(() => opened?.has(text) === true);
  const frame = useRef<HTMLDivElement>(null);
  const cut = clampAt(text, linesMax);
  if (cut === null) return children(text);

  const open = (): void => {
    opened?.add(text);
    setIsWhole(true);
  };
  /** Collapses the text. The reader is at its end, which disappears, so it scrolls to its beginning. */
  const close = (): void => {
    opened?.delete(text);
    flushSync(() => setIsWhole(false));
    frame.current?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div ref={frame} className="scroll-mt-12">
      {children(isWhole ? text : `${text.slice(0, cut).trimEnd()} …`)}
      <Button tone="quiet" size="small" aria-expanded={isWhole} onClick={isWhole ? close : open} className="mt-1 -ml-2 text-accent">
        {isWhole ? "Show less" : `Show all ${formatCount(text.length)} characters`}
      </Button>
    </div>
  );
}
