import type { ReactNode } from "react";

/** The bar above a list: what it is of, what narrows it (then it `isSearch`), and what can be done. */
export function ScreenBar({ title, isSearch = false, children }: { title: string; isSearch?: boolean; children?: ReactNode }) {
  const Bar = isSearch ? "search" : "div";
  return (
    <Bar className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2">
      <h1 className="mr-2 text-md font-semibold tracking-tight">{title}</h1>
      {children}
    </Bar>
  );
}
