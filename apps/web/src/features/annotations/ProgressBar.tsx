import { formatCount } from "../../format/amounts.ts";

/** The number of finished items of a queue, as a bar and in figures. */
export function ProgressBar({ items, done }: { items: number; done: number }) {
  return (
    <span className="flex w-full items-center gap-2 tabular-nums">
      <span className="h-1.5 w-20 shrink-0 overflow-hidden rounded-full bg-sunken" aria-hidden>
        <span className="block h-full bg-accent" style={{ width: `${items === 0 ? 0 : (done / items) * 100}%` }} />
      </span>
      <span className="truncate">
        {formatCount(done)} of {formatCount(items)}
      </span>
    </span>
  );
}
