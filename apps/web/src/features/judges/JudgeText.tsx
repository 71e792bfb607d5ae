"use client";
import { correctedText, type JudgeStanding, standingWords } from "@signalbox/model";

export type Corrected = { estimate: number; lower: number; upper: number };

/** How far a judge is to be believed, in a sentence, and its mean as people would have had it. */
export function JudgeText({ judge, standing, corrected }: { judge: string; standing: JudgeStanding; corrected: Corrected | null }) {
  return (
    <span className={standing.kind === "calibrated" ? "text-muted" : "text-caution"}>
      <span className="font-mono text-xs">{judge}</span> {standingWords(standing).full}
      {corrected !== null && `; its mean: ${correctedText(corrected)}`}
    </span>
  );
}
