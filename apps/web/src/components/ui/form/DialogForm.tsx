import type { ReactNode } from "react";
import { classNames } from "../classNames.ts";
import { FormFailure } from "./FormFailure.tsx";

/** The bottom padding is that of `DialogActions`, which must have no gap below them. */
const BODY = "flex min-h-0 flex-col gap-4 overflow-y-auto px-4 pt-4";

/** A dialog's form: fields below one another, and `DialogActions` at the bottom. */
export function DialogForm({ onSubmit, className, children }: { onSubmit: () => void; className?: string; children: ReactNode }) {
  return (
    <form
      className={classNames(BODY, className)}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

/** The text of a dialog without fields, with `DialogActions` at the bottom. */
export function DialogWords({ children }: { children: ReactNode }) {
  return <div className={BODY}>{children}</div>;
}

/**
 * The buttons that end a dialog, with an error (`failure`; null for none) or another result (`notice`). They stay visible however long the
 * content above is.
 */
export function DialogActions({ failure = null, notice, children }: { failure?: unknown; notice?: ReactNode; children: ReactNode }) {
  return (
    <div className="sticky bottom-0 z-10 -mx-4 flex shrink-0 flex-col gap-3 border-t border-line bg-raised px-4 py-3">
      {failure !== null && <FormFailure error={failure} />}
      {notice}
      <div className="flex items-center justify-end gap-2">{children}</div>
    </div>
  );
}
