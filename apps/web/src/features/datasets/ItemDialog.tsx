"use client";
import type { DatasetItemContent } from "@signalbox/model";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../components/ui/form/DialogForm.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";
import { draftTextOf, ItemField, NEW_ITEM_TEXT, readItemDraft } from "../datasetItem/index.ts";

/** The item to edit: a new one, or an existing one of version `base`; 0 for a dataset without a version. */
export type ItemSubject = { project: string; name: string; base: number } & (
  | { kind: "new" }
  | { kind: "edit"; id: string; content: DatasetItemContent }
);

const NOTE_CHARS_MAX = 500;

/** Edits or adds an item, which makes a new version of its dataset. */
export function ItemDialog({
  open,
  onOpenChange,
  subject,
  onDone,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  subject: ItemSubject;
  onDone: (version: number) => void;
}) {
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  const title = subject.kind === "new" ? `Add an item to ${subject.name}` : "Edit the item";
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={title} isSticky initialFocus={fieldRef} className="max-w-2xl">
      <ItemForm
        subject={subject}
        fieldRef={fieldRef}
        onClose={() => onOpenChange(false)}
        onDone={(version) => {
          onOpenChange(false);
          onDone(version);
        }}
      />
    </Dialog>
  );
}

function ItemForm({
  subject,
  fieldRef,
  onClose,
  onDone,
}: {
  subject: ItemSubject;
  fieldRef: RefObject<HTMLTextAreaElement | null>;
  onClose: () => void;
  onDone: (version: number) => void;
}) {
  const trpc = useTRPC();
  const [text, setText] = useState(() => (subject.kind === "new" ? NEW_ITEM_TEXT : draftTextOf(subject.content)));
  const [note, setNote] = useState("");
  const draft = readItemDraft(text);
  const edit = useMutation(
    trpc.datasets.edit.mutationOptions(useRefresh(trpc.datasets.pathKey(), ({ version }) => onDone(version.number))),
  );
  const { project, name, base } = subject;
  return (
    <DialogForm
      onSubmit={() => {
        if (draft.kind !== "item") return;
        const id = subject.kind === "edit" ? { id: subject.id } : {};
        edit.mutate({ project, name, base, changes: [{ kind: "put", content: draft.content, ...id }], note });
      }}
    >
      <ItemField fieldRef={fieldRef} text={text} draft={draft} onText={setText} />
      <Field
        label="Why"
        hint={base === 0 ? "It is written to the first version." : `It is written to version ${base + 1}; version ${base} stays as it is.`}
      >
        <Input value={note} onValueChange={setNote} maxLength={NOTE_CHARS_MAX} autoComplete="off" />
      </Field>
      <DialogActions failure={edit.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={draft.kind !== "item" || edit.isPending}>
          Make version {base + 1}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
