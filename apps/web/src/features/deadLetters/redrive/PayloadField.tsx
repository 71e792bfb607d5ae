"use client";
import type { RefObject } from "react";
import { Field } from "../../../components/ui/form/Field.tsx";
import { TextArea } from "../../../components/ui/form/TextArea.tsx";
import type { PayloadDraft } from "./payloadDraft.ts";

/** The payload of a redrive as editable JSON, with the errors of its fields beneath. `onSettle` is called when the field loses focus. */
export function PayloadField({
  fieldRef,
  text,
  draft,
  onText,
  onSettle,
}: {
  fieldRef: RefObject<HTMLTextAreaElement | null>;
  text: string;
  draft: PayloadDraft;
  onText: (text: string) => void;
  onSettle: () => void;
}) {
  return (
    <div className="flex flex-col gap-1">
      <Field label="Payload" hint="The original stays on record. An edited task begins anew; effects that happened are not repeated.">
        <TextArea ref={fieldRef} value={text} onChange={(event) => onText(event.target.value)} onBlur={onSettle} rows={12} />
      </Field>
      {draft.kind === "wrong" && (
        <ul role="alert" aria-label="What is wrong with the payload" className="flex flex-col gap-0.5 text-sm text-danger">
          {draft.faults.map(({ path, message }) => (
            <li key={`${path} ${message}`} className="[overflow-wrap:anywhere]">
              {path !== "" && <code className="font-mono text-xs font-semibold">{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
