import { Badge, type BadgeTone } from "./Badge.tsx";

/** A state's label, its explanation, and its colour. */
export type Word = { label: string; title?: string | undefined; tone: BadgeTone };

/** A state as a badge, with its explanation as a tooltip. */
export function WordBadge({ word: { label, title, tone }, className }: { word: Word; className?: string }) {
  return (
    <Badge tone={tone} title={title} {...(className === undefined ? {} : { className })}>
      {label}
    </Badge>
  );
}
