"use client";
import { type JudgeStanding, standingWords } from "@signalbox/model";

/** How far a judge is to be believed, in a sentence. */
export function JudgeText({ judge, standing }: { judge: string; standing: JudgeStanding }) {
  return (
    <span className={standing.kind === "calibrated" ? "text-muted" : "text-caution"}>
      <span className="font-mono text-xs">{judge}</span> {standingWords(standing).full}
    </span>
  );
}
