import { Badge, type BadgeTone } from "./Badge.tsx";

/** What a state is called, what it means, and its colour. */
export type Word = { label: string; title?: string | undefined; tone: BadgeTone };

/** A state by its word, with what it means when pointed at. */
export function WordBadge({ word: { label, title, tone }, className }: { word: Word; className?: string }) {
  return (
    <Badge tone={tone} title={title} {...(className === undefined ? {} : { className })}>
      {label}
    </Badge>
  );
}
