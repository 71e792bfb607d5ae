import { Badge, type BadgeTone } from "../../../components/ui/Badge.tsx";

type ShownScore = { name: string; value: number; label: string; explanation: string; scorer: string };

/** A score's tone where its value says pass or fail; other scales stay neutral. */
function toneOf(value: number): BadgeTone {
  if (value === 1) return "clear";
  return value === 0 ? "danger" : "plain";
}

/** A score: its name, and its label or value. */
export function ScoreChip({ score }: { score: ShownScore }) {
  const shown = score.label === "" ? String(Number(score.value.toFixed(3))) : score.label;
  return (
    <Badge
      tone={toneOf(score.value)}
      title={[`${score.name}: ${score.value} by ${score.scorer}`, score.explanation].filter(Boolean).join("\n")}
    >
      <span className="truncate font-normal">{score.name}</span>
      <span className="shrink-0">{shown}</span>
    </Badge>
  );
}
