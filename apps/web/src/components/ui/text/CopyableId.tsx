import { CopyButton } from "./CopyButton.tsx";

const SHOWN_WHOLE = 16;

/** An identifier, shortened in the middle if long, with a button that copies all of it. */
export function CopyableId({ id, label }: { id: string; label: string }) {
  const shown = id.length <= SHOWN_WHOLE ? id : `${id.slice(0, 8)}…${id.slice(-4)}`;
  return (
    <span className="inline-flex items-center">
      <span className="font-mono text-xs text-muted" title={id}>
        {shown}
      </span>
      <CopyButton text={id} label={label} />
    </span>
  );
}
