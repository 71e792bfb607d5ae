import { Badge, type BadgeTone } from "../../components/ui/Badge.tsx";

/** One of our words about dead letters, with what it means when pointed at. */
export function WordBadge({ word: { label, title, tone } }: { word: { label: string; title: string; tone: BadgeTone } }) {
  return (
    <Badge tone={tone} title={title}>
      {label}
    </Badge>
  );
}
