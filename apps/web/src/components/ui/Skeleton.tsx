import { classNames } from "./classNames.ts";

/** Stands where something will be, in its size. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames("h-3 animate-pulse rounded-sm bg-line", className)} />;
}
