import type { ReactNode } from "react";

/** A named part of a page that scrolls by itself, with the keyboard too. `className` says how large it is, and which way it scrolls. */
export function ScrollRegion({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard
    <section aria-label={label} tabIndex={0} className={className}>
      {children}
    </section>
  );
}
