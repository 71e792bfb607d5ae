/** What ids of one kind differ in most often. */
const END_CHARS = 8;

/** A text that loses its middle where it does not fit: ids of one kind begin alike. */
export function MiddleCut({ text }: { text: string }) {
  if (text.length <= 2 * END_CHARS) return <span className="block truncate">{text}</span>;
  return (
    // A space at the cut is part of the text.
    <span className="flex min-w-0 whitespace-pre">
      <span className="overflow-hidden text-ellipsis">{text.slice(0, -END_CHARS)}</span>
      <span className="shrink-0">{text.slice(-END_CHARS)}</span>
    </span>
  );
}
