"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { Field } from "../../../components/ui/form/Field.tsx";
import { Input } from "../../../components/ui/form/Input.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { failureOf } from "../../../trpc/failureOf.ts";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useKnownViews } from "./useViewChanges.ts";
import type { ViewParams } from "./viewSearch.ts";

type SavedView = RouterOutputs["views"]["list"][number];

const NAME_CHARS_MAX = 80;

type Naming = { project: string; params: ViewParams; renamed: SavedView | null; onSaved: (view: SavedView) => void; onClose: () => void };

/** Asks for a name, and saves the list's state under it; or renames `renamed`. */
export function NameViewDialog({ open, ...naming }: Naming & { open: boolean }) {
  const nameRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && naming.onClose()}
      title={naming.renamed === null ? "Save this view" : "Rename this view"}
      initialFocus={nameRef}
    >
      <NameForm nameRef={nameRef} {...naming} />
    </Dialog>
  );
}

function NameForm({ nameRef, project, params, renamed, onSaved, onClose }: Naming & { nameRef: RefObject<HTMLInputElement | null> }) {
  const trpc = useTRPC();
  const known = useKnownViews(project);
  const [name, setName] = useState(renamed?.name ?? "");
  const onSuccess = (saved: SavedView): void => {
    known.put(saved);
    onClose();
    onSaved(saved);
  };
  const create = useMutation(trpc.views.create.mutationOptions({ onSuccess }));
  const rename = useMutation(trpc.views.change.mutationOptions({ onSuccess }));
  const error = create.error ?? rename.error;
  return (
    <DialogForm
      onSubmit={() => {
        if (renamed === null) create.mutate({ project, name, params });
        else rename.mutate({ id: renamed.id, change: { name } });
      }}
    >
      <Field
        label="Name"
        hint={renamed === null ? "Filters, time range and columns are saved, for everybody in this project." : undefined}
        error={error === null ? null : failureOf(error).message}
      >
        <Input ref={nameRef} value={name} onValueChange={setName} required maxLength={NAME_CHARS_MAX} autoComplete="off" />
      </Field>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={create.isPending || rename.isPending || name.trim() === ""}>
          {renamed === null ? "Save the view" : "Rename it"}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
