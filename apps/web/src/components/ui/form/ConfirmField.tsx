"use client";
import { Field } from "./Field.tsx";
import { Input } from "./Input.tsx";

/** Asks to confirm an act on several things by typing their number. */
export function ConfirmField({ count, typed, onTyped }: { count: number; typed: string; onTyped: (typed: string) => void }) {
  return (
    <Field label={`Type ${count} to confirm`} hint="That you mean all of them.">
      <Input value={typed} onValueChange={onTyped} inputMode="numeric" autoComplete="off" className="max-w-32" />
    </Field>
  );
}
