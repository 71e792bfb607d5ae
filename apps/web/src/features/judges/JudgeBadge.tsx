"use client";
import { type JudgeStanding, standingWords } from "@signalbox/model";
import { Badge } from "../../components/ui/badge/Badge.tsx";

/** How trustworthy a judge is, beside its score; the details are in the tooltip. */
export function JudgeBadge({ standing }: { standing: JudgeStanding }) {
  const { brief, full } = standingWords(standing);
  return (
    <Badge tone={standing.kind === "calibrated" ? "plain" : "caution"} title={full}>
      {brief}
    </Badge>
  );
}
