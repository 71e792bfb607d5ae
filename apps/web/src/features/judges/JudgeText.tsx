"use client";
import { type JudgeStanding, standingWords } from "@signalbox/model";

/** How trustworthy a judge is, in a sentence. */
export function JudgeText({ judge, standing }: { judge: string; standing: JudgeStanding }) {
  return (
    <span className={standing.kind === "calibrated" ? "text-muted" : "text-caution"}>
      <span className="font-mono text-xs">{judge}</span> {standingWords(standing).full}
    </span>
  );
}
