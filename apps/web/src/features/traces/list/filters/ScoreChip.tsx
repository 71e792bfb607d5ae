"use client";
import { type JudgeStanding, standingWords } from "@signalbox/model";
import { Badge, type BadgeTone } from "../../../../components/ui/badge/Badge.tsx";
import { briefScore } from "../../../../format/scores.ts";
import { useJudgeStanding } from "../../../judges/index.ts";

/** A score as it is shown; one without a number is a label alone. */
export type ShownScore = {
  name: string;
  value: number | null;
  label: string;
  explanation: string;
  scorer: string;
  feedback?: { id: string } | undefined;
};

/** A score's tone where its value says pass or fail; other scales stay neutral. */
function toneOf(value: number | null): BadgeTone {
  if (value === 1) return "clear";
  return value === 0 ? "danger" : "plain";
}

const titleOf = (score: ShownScore, standing: JudgeStanding | null): string =>
  [
    `${score.name}: ${score.value ?? score.label} by ${score.scorer}`,
    standing === null ? "" : standingWords(standing).full,
    score.explanation,
  ]
    .filter(Boolean)
    .join("\n");

/** Many scores in the room of one: how many passed or failed, or the worst where none did either. Each is told when pointed at. */
export function ScoreSummary({ scores }: { scores: readonly (ShownScore & { value: number })[] }) {
  const standingOf = useJudgeStanding();
  const [worst, ...others] = scores.toSorted((a, b) => a.value - b.value);
  if (worst === undefined) return <span className="text-faint">–</span>;
  if (others.length === 0) return <ScoreChip score={worst} />;
  const all = scores.map((score) => titleOf(score, standingOf(score))).join("\n");
  const failed = scores.filter(({ value }) => value === 0).length;
  return (
    <Badge tone={toneOf(worst.value)} title={all}>
      {worst.value === 1 && `${scores.length} pass`}
      {worst.value === 0 && `${failed} of ${scores.length} failed`}
      {worst.value !== 0 && worst.value !== 1 && `${scores.length} scores ≥ ${briefScore(worst.value)}`}
    </Badge>
  );
}

/** A score: its name, its label or value, and how trustworthy the judge is that gave it. */
export function ScoreChip({ score }: { score: ShownScore }) {
  const standing = useJudgeStanding()(score);
  const shown = score.label === "" && score.value !== null ? briefScore(score.value) : score.label;
  return (
    <Badge tone={toneOf(score.value)} title={titleOf(score, standing)}>
      <span className="truncate font-normal">{score.name}</span>
      <span className="shrink-0">{shown}</span>
      {standing !== null && <span className="shrink-0 font-normal">{standingWords(standing).brief}</span>}
    </Badge>
  );
}
