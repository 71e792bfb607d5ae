"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { DialogActions, DialogForm } from "../../components/ui/form/DialogForm.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";
import { QueueFields } from "./QueueFields.tsx";
import { NEW_QUEUE, readQueueDraft } from "./queueDraft.ts";

type Made = RouterOutputs["annotations"]["create"];

/** Creates an annotation queue without items. */
export function NewQueueDialog({
  open,
  onOpenChange,
  project,
  onMade,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  project: string;
  onMade: (queue: Made) => void;
}) {
  const nameRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="New annotation queue" isSticky initialFocus={nameRef}>
      <NewQueueForm project={project} nameRef={nameRef} onMade={onMade} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

function NewQueueForm({
  project,
  nameRef,
  onMade,
  onClose,
}: {
  project: string;
  nameRef: RefObject<HTMLInputElement | null>;
  onMade: (queue: Made) => void;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const [draft, setDraft] = useState(NEW_QUEUE);
  const queue = readQueueDraft(draft, project);
  const create = useMutation(
    trpc.annotations.create.mutationOptions(
      useRefresh(trpc.annotations.pathKey(), (made) => {
        onMade(made);
        onClose();
      }),
    ),
  );
  return (
    <DialogForm
      onSubmit={() => {
        if (queue !== undefined && !create.isPending) create.mutate(queue);
      }}
    >
      <QueueFields draft={draft} onDraft={setDraft} nameRef={nameRef} />
      <DialogActions failure={create.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={queue === undefined || create.isPending}>
          Make the queue
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
