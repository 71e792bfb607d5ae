import type { ReactNode } from "react";
import { classNames } from "../classNames.ts";

/** A framed part of a page, with an optional title. `className` may give it a height, in which its content scrolls. */
export function Panel({
  title,
  aside,
  className,
  children,
}: {
  title?: ReactNode;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={classNames("flex min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface", className)}>
      {title !== undefined && (
        <div className="flex min-h-9 shrink-0 items-center justify-between gap-2 border-b border-line px-4">
          <h2 className="min-w-0 text-sm font-semibold wrap-anywhere">{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}
