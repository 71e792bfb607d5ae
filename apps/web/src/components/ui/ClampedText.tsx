"use client";
import { type ReactNode, useState } from "react";
import { formatCount } from "../../format/amounts.ts";
import { Button } from "./Button.tsx";

/** Where a text of more than `linesMax` lines or about as many full ones is cut, or null when it is not. */
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

/** Text of which a long one shows its beginning and the rest when asked. `children` renders what is shown. */
export function ClampedText({ text, linesMax, children }: { text: string; linesMax: number; children: (shown: string) => ReactNode }) {
  const [isWhole, setIsWhole] = useState(false);
  const cut = clampAt(text, linesMax);
  if (cut === null) return children(text);
  return (
    <div>
      {children(isWhole ? text : `${text.slice(0, cut).trimEnd()} …`)}
      <Button tone="quiet" size="small" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)} className="mt-1 -ml-1.5 text-accent">
        {isWhole ? "Show less" : `Show all ${formatCount(text.length)} characters`}
      </Button>
    </div>
  );
}
