import type { ReactNode } from "react";
import { classNames } from "./classNames.ts";

/** A dialog's form: fields below one another, and at its foot the `DialogActions`. */
export function DialogForm({ onSubmit, className, children }: { onSubmit: () => void; className?: string; children: ReactNode }) {
  return (
    <form
      className={classNames("flex min-h-0 flex-col gap-4 overflow-y-auto p-4", className)}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

/** What ends a dialog, at its foot: in sight however long the form above is. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="sticky bottom-0 z-10 -mx-4 -mb-4 flex shrink-0 items-center justify-end gap-2 border-t border-line bg-raised px-4 py-3">
      {children}
    </div>
  );
}
