"use client";
import { Field } from "../../../components/ui/form/Field.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";

/** Asks to confirm an act on several letters by typing their number. */
export function ConfirmField({ count, typed, onTyped }: { count: number; typed: string; onTyped: (typed: string) => void }) {
  return (
    <Field label={`Type ${count} to confirm`} hint="That you mean all of them.">
      <Input value={typed} onValueChange={onTyped} inputMode="numeric" autoComplete="off" className="max-w-32" />
    </Field>
  );
}
