import type { ReactNode } from "react";
import { classNames } from "../classNames.ts";
import { ScrollRegion } from "./ScrollRegion.tsx";

/**
 * The content below the bar of an overview or the header of a detail page: panels that scroll together. `label` names it for screen
 * readers; `className` may put the panels side by side.
 */
export function ScreenBody({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <ScrollRegion label={label} className="min-h-0 flex-1 overflow-y-auto bg-canvas outline-none">
      <div className={classNames("mx-auto flex w-full max-w-[110rem] flex-col gap-4 p-4", className)}>{children}</div>
    </ScrollRegion>
  );
}
