"use client";
import { UPLOAD_CHARS_MAX } from "@signalbox/api/client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../components/ui/form/DialogForm.tsx";
import { Field } from "../../components/ui/form/Field.tsx";
import { Input } from "../../components/ui/form/Input.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { formatCount } from "../../format/amounts.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";

const NAME_CHARS_MAX = 120;
const DESCRIPTION_CHARS_MAX = 500;
const MIB = 1024 * 1024;

/** Creates a dataset, empty or from a file. */
export function NewDatasetDialog({
  open,
  onOpenChange,
  project,
  onDone,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  project: string;
  onDone: (name: string) => void;
}) {
  const nameRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New dataset" isSticky initialFocus={nameRef} className="max-w-xl">
      <NewDatasetForm project={project} nameRef={nameRef} onClose={() => onOpenChange(false)} onDone={onDone} />
    </Dialog>
  );
}

function NewDatasetForm({
  project,
  nameRef,
  onClose,
  onDone,
}: {
  project: string;
  nameRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
  onDone: (name: string) => void;
}) {
  const trpc = useTRPC();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const isTooLarge = file !== null && file.size > UPLOAD_CHARS_MAX;
  const create = useMutation(
    trpc.datasets.create.mutationOptions(useRefresh(trpc.datasets.pathKey(), (_, { name: made }) => onDone(made))),
  );
  const submit = async (): Promise<void> => {
    const read = file === null ? null : { name: file.name, text: await file.text() };
    create.mutate({ project, name: name.trim(), description, file: read });
  };
  return (
    <DialogForm
      onSubmit={() => {
        void submit();
      }}
    >
      <Field label="Name">
        <Input ref={nameRef} value={name} onValueChange={setName} maxLength={NAME_CHARS_MAX} autoComplete="off" required />
      </Field>
      <Field label="About" hint="What its items have in common.">
        <Input value={description} onValueChange={setDescription} maxLength={DESCRIPTION_CHARS_MAX} autoComplete="off" />
      </Field>
      <Field
        label="Items"
        hint="JSON Lines, JSON or CSV; each row has an input. Without a file the dataset begins empty."
        error={
          isTooLarge
            ? `The file has ${formatCount(Math.ceil(file.size / MIB))} MiB, and ${UPLOAD_CHARS_MAX / MIB} can be sent here: use ./signalbox dataset import.`
            : null
        }
      >
        <Input
          type="file"
          accept=".jsonl,.ndjson,.json,.csv"
          className="h-auto py-1 file:mr-3 file:rounded file:border-0 file:bg-sunken file:px-2 file:py-0.5 file:text-sm file:text-ink"
          onChange={(event) => setFile(event.target.files?.[0] ?? null)}
        />
      </Field>
      <DialogActions failure={create.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={name.trim() === "" || isTooLarge || create.isPending}>
          Make dataset
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
