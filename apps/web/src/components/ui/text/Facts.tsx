import type { ReactNode } from "react";

/** The figures about the subject of a page, side by side. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="flex flex-wrap items-baseline gap-x-7 gap-y-1.5 max-md:gap-x-4">{children}</dl>;
}

/** A figure with its label. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline gap-1.5">
      <dt className="shrink-0 text-xs text-faint">{label}</dt>
      <dd className="min-w-0 truncate text-sm tabular-nums">{children}</dd>
    </div>
  );
}
