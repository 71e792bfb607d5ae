import { classNames } from "../classNames.ts";

/** A placeholder with the size of the content that is loading. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames("h-3 animate-pulse rounded-sm bg-line", className)} />;
}
