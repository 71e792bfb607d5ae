import type { ReactNode } from "react";
import { Button } from "../form/Button.tsx";

/** What is known of a list's next page; a query of pages has it. */
interface NextPage {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** A button that loads a list's next page; nothing at the list's end. */
export function LoadMore({ pages, size = "regular" }: { pages: NextPage; size?: "regular" | "small" }) {
  if (!pages.hasNextPage) return null;
  return (
    <Button size={size} onClick={() => void pages.fetchNextPage()} disabled={pages.isFetchingNextPage}>
      {pages.isFetchingNextPage ? "Loading…" : "Load more"}
    </Button>
  );
}

/** What follows a list's last row: words about the rows so far, and the way to more. */
export function ListFooter({ pages, children }: { pages: NextPage; children?: ReactNode }) {
  return (
    <div className="flex h-12 items-center gap-3 px-4 text-sm text-faint">
      {children !== undefined && <span className="tabular-nums">{children}</span>}
      <LoadMore pages={pages} size="small" />
    </div>
  );
}
