import { type ReactNode, type RefObject, useState } from "react";
import { Button } from "./Button.tsx";
import { DialogActions, DialogForm } from "./DialogForm.tsx";
import { Field } from "./Field.tsx";
import { Input } from "./Input.tsx";

/** The longest reason, in characters, that the record of an act keeps. */
const REASON_CHARS_MAX = 1_000;

/** Why something is done, in a few words. */
export function ReasonField({
  reasonRef,
  reason,
  onReason,
}: {
  reasonRef?: RefObject<HTMLInputElement | null>;
  reason: string;
  onReason: (reason: string) => void;
}) {
  return (
    <Field label="Why" hint="It stays on record with your name.">
      <Input ref={reasonRef} value={reason} onValueChange={onReason} maxLength={REASON_CHARS_MAX} autoComplete="off" />
    </Field>
  );
}

/** The form of an act that needs nothing but a reason. `children` say what it comes to, `act` is its mutation and `label` its button. */
export function ReasonForm({
  label,
  tone = "primary",
  cancelLabel = "Cancel",
  act: { error, isPending },
  reasonRef,
  onReason,
  onClose,
  children,
}: {
  label: string;
  tone?: "primary" | "danger";
  cancelLabel?: string;
  act: { error: unknown; isPending: boolean };
  reasonRef: RefObject<HTMLInputElement | null>;
  onReason: (reason: string) => void;
  onClose: () => void;
  children: ReactNode;
}) {
  const [reason, setReason] = useState("");
  const isReady = reason.trim() !== "" && !isPending;
  return (
    <DialogForm onSubmit={() => isReady && onReason(reason.trim())}>
      <p>{children}</p>
      <ReasonField reasonRef={reasonRef} reason={reason} onReason={setReason} />
      <DialogActions failure={error}>
        <Button onClick={onClose}>{cancelLabel}</Button>
        <Button type="submit" tone={tone} disabled={!isReady}>
          {label}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
