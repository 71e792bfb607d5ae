"use client";
import { type JudgeStanding, standingWords } from "@signalbox/model";
import { Badge } from "../../components/ui/Badge.tsx";

/** How far a judge is to be believed, beside its score; all that is known of it when pointed at. */
export function JudgeBadge({ standing }: { standing: JudgeStanding }) {
  const { brief, full } = standingWords(standing);
  return (
    <Badge tone={standing.kind === "calibrated" ? "plain" : "caution"} title={full}>
      {brief}
    </Badge>
  );
}
