import type { ReactNode } from "react";

/**
 * The bar above a list or an overview: its title, its filters (then it is a search landmark, `isSearch`), and the possible actions. `about`
 * describes the screen in a sentence, if there is room.
 */
export function ScreenBar({
  title,
  about,
  isSearch = false,
  children,
}: {
  title: string;
  about?: string;
  isSearch?: boolean;
  children?: ReactNode;
}) {
  const Bar = isSearch ? "search" : "div";
  return (
    <Bar className="flex min-h-11 shrink-0 flex-wrap items-center gap-2 border-b border-line bg-surface px-4 py-2">
      <h1 className="mr-2 text-md font-semibold tracking-tight">{title}</h1>
      {about !== undefined && <p className="min-w-0 flex-1 basis-0 truncate text-sm text-muted max-lg:hidden">{about}</p>}
      {children}
    </Bar>
  );
}
