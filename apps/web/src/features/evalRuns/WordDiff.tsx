import { diffWordsWithSpace } from "diff";

/** Texts whose comparison would keep the page waiting are shown as they are. */
const COMPARED_CHARS_MAX = 20_000;

/** A text with what it has otherwise than `before`, word by word: what is new stands out, what is gone is struck through. */
export function WordDiff({ before, after }: { before: string; after: string }) {
  const isLong = before.length + after.length > COMPARED_CHARS_MAX;
  const parts = isLong ? [{ value: after, added: false, removed: false }] : diffWordsWithSpace(before, after);
  return (
    <p className="whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">
      {parts.map((part, index) => {
        const key = `${index}`;
        if (part.added)
          return (
            <ins key={key} className="rounded-sm bg-clear-soft text-clear no-underline">
              {part.value}
            </ins>
          );
        if (part.removed)
          return (
            <del key={key} className="rounded-sm bg-danger-soft text-danger">
              {part.value}
            </del>
          );
        return <span key={key}>{part.value}</span>;
      })}
    </p>
  );
}
