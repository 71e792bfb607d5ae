import type { ReactNode } from "react";
import { classNames } from "./classNames.ts";
import { FormFailure } from "./FormFailure.tsx";

/** The foot belongs to the `DialogActions`, which have no gap below them. */
const BODY = "flex min-h-0 flex-col gap-4 overflow-y-auto px-4 pt-4";

/** A dialog's form: fields below one another, and at its foot the `DialogActions`. */
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

/** A dialog that asks for a yes or no alone, or says what came of it: words, and at its foot the `DialogActions`. */
export function DialogWords({ children }: { children: ReactNode }) {
  return <div className={BODY}>{children}</div>;
}

/**
 * What ends a dialog, at its foot, with what it failed with (`failure`, null: with nothing)
 * or came to otherwise (`notice`): in sight however long what is above it is.
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
