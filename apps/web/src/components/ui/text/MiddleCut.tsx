/** How many characters at the end are always shown: there ids of one kind usually differ. */
const END_CHARS = 8;

/** A text shortened in the middle if it does not fit: ids of one kind often begin alike. */
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
