import { JUDGE_PREFIX } from "@signalbox/model";
import { Badge, type BadgeTone } from "../../../components/ui/Badge.tsx";

export type ShownScore = { name: string; value: number; label: string; explanation: string; scorer: string };

/** A score's tone where its value says pass or fail; other scales stay neutral. */
function toneOf(value: number): BadgeTone {
  if (value === 1) return "clear";
  return value === 0 ? "danger" : "plain";
}

/** Whether a language model judged. Nobody has compared it with people as far as a list knows. */
const isJudges = ({ scorer }: ShownScore): boolean => scorer.startsWith(JUDGE_PREFIX);

const titleOf = (score: ShownScore): string =>
  [`${score.name}: ${score.value} by ${score.scorer}${isJudges(score) ? ", uncalibrated" : ""}`, score.explanation]
    .filter(Boolean)
    .join("\n");

/** Many scores in the room of one: how many passed or failed, or the worst where none did either. Each is told when pointed at. */
export function ScoreSummary({ scores }: { scores: readonly ShownScore[] }) {
  const [worst, ...others] = scores.toSorted((a, b) => a.value - b.value);
  if (worst === undefined) return <span className="text-faint">–</span>;
  if (others.length === 0) return <ScoreChip score={worst} />;
  const all = scores.map(titleOf).join("\n");
  const failed = scores.filter(({ value }) => value === 0).length;
  return (
    <Badge tone={toneOf(worst.value)} title={all}>
      {worst.value === 1 && `${scores.length} pass`}
      {worst.value === 0 && `${failed} of ${scores.length} failed`}
      {worst.value !== 0 && worst.value !== 1 && `${scores.length} scores ≥ ${shownValue(worst.value)}`}
    </Badge>
  );
}

const shownValue = (value: number): string => String(Number(value.toFixed(3)));

/** A score: its name, and its label or value. */
export function ScoreChip({ score }: { score: ShownScore }) {
  const shown = score.label === "" ? shownValue(score.value) : score.label;
  return (
    <Badge tone={toneOf(score.value)} title={titleOf(score)}>
      <span className="truncate font-normal">{score.name}</span>
      <span className="shrink-0">{shown}</span>
      {isJudges(score) && <span className="shrink-0 font-normal">uncalibrated</span>}
    </Badge>
  );
}
