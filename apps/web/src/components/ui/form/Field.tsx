import { Field as Base } from "@base-ui/react/field";
import type { ReactNode } from "react";

/** A labelled form control, with a hint or an error. */
export function Field({ label, hint, error, children }: { label: string; hint?: ReactNode; error?: string | null; children: ReactNode }) {
  const isWrong = error !== undefined && error !== null;
  return (
    <Base.Root invalid={isWrong} className="flex flex-col gap-1">
      <Base.Label className="text-sm font-medium">{label}</Base.Label>
      {children}
      {isWrong ? (
        <Base.Error match className="text-sm text-danger" role="alert">
          {error}
        </Base.Error>
      ) : (
        hint !== undefined && <Base.Description className="text-sm text-muted">{hint}</Base.Description>
      )}
    </Base.Root>
  );
}
