"use client";
import type { RefObject } from "react";
import { Field } from "../../components/ui/form/Field.tsx";
import { TextArea } from "../../components/ui/form/TextArea.tsx";
import type { ItemDraft } from "./itemDraft.ts";

/** An item as editable JSON, with the errors of its fields beneath. */
export function ItemField({
  fieldRef,
  text,
  draft,
  onText,
}: {
  fieldRef?: RefObject<HTMLTextAreaElement | null>;
  text: string;
  draft: ItemDraft;
  onText: (text: string) => void;
}) {
  return (
    <div className="flex flex-col gap-1">
      <Field label="Item" hint="What is asked, and what is right. Null stands for what nobody said.">
        <TextArea
          {...(fieldRef === undefined ? {} : { ref: fieldRef })}
          value={text}
          onChange={(event) => onText(event.target.value)}
          rows={16}
        />
      </Field>
      {draft.kind === "wrong" && (
        <ul role="alert" aria-label="What is wrong with the item" className="flex flex-col gap-0.5 text-sm text-danger">
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
