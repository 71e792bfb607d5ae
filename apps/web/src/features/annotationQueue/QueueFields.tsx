import type { RefObject } from "react";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { Select } from "../../components/ui/form/Select.tsx";
import { TextArea } from "../../components/ui/form/TextArea.tsx";
import type { QueueDraft } from "./queueDraft.ts";

const TYPES = [
  { value: "pass_fail", label: "Pass or fail" },
  { value: "scale", label: "A scale" },
  { value: "choice", label: "One of several options" },
] as const;

/** The fields of a new queue. */
export function QueueFields({
  draft,
  onDraft,
  nameRef,
}: {
  draft: QueueDraft;
  onDraft: (draft: QueueDraft) => void;
  nameRef?: RefObject<HTMLInputElement | null>;
}) {
  const set =
    (field: keyof QueueDraft) =>
    (value: string): void =>
      onDraft({ ...draft, [field]: value });
  return (
    <>
      <Field label="Name" hint="Labels become scores of this name.">
        <Input ref={nameRef} value={draft.name} onValueChange={set("name")} maxLength={120} autoComplete="off" spellCheck={false} />
      </Field>
      <Field label="Question">
        <Input
          value={draft.question}
          onValueChange={set("question")}
          maxLength={300}
          autoComplete="off"
          placeholder="Was the answer polite?"
        />
      </Field>
      <div className="flex flex-wrap items-end gap-4">
        <div className="flex flex-col gap-1">
          <span className="text-sm font-medium">Answered by</span>
          <Select label="Answered by" value={draft.type} options={TYPES} onChange={set("type")} className="w-48" />
        </div>
        {draft.type === "scale" && (
          <>
            <Field label="From">
              <Input value={draft.from} onValueChange={set("from")} inputMode="numeric" className="w-16" />
            </Field>
            <Field label="To">
              <Input value={draft.to} onValueChange={set("to")} inputMode="numeric" className="w-16" />
            </Field>
          </>
        )}
        <Field label="People for each trace">
          <Input value={draft.overlap} onValueChange={set("overlap")} inputMode="numeric" className="w-16" />
        </Field>
      </div>
      {draft.type === "choice" && (
        <Field label="Options" hint="One a line, at most nine.">
          <TextArea value={draft.options} onChange={(event) => set("options")(event.target.value)} rows={4} />
        </Field>
      )}
      <Field label="Instructions" hint="What people should know to answer well.">
        <TextArea value={draft.instructions} onChange={(event) => set("instructions")(event.target.value)} rows={3} maxLength={4_000} />
      </Field>
    </>
  );
}
