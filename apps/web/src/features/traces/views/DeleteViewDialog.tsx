"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { DialogActions, DialogWords } from "../../../components/ui/form/DialogForm.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useKnownViews } from "./useViewChanges.ts";

type SavedView = RouterOutputs["views"]["list"][number];
type Deletion = { onClose: () => void; onDeleted: () => void };

/** Asks for confirmation before a view is deleted for everybody. */
export function DeleteViewDialog({ view, ...deletion }: Deletion & { view: SavedView | null }) {
  const keepRef = useRef<HTMLButtonElement>(null);
  return (
    <Dialog open={view !== null} onOpenChange={(isOpen) => !isOpen && deletion.onClose()} title="Delete this view?" initialFocus={keepRef}>
      {view !== null && <Confirmation view={view} keepRef={keepRef} {...deletion} />}
    </Dialog>
  );
}

function Confirmation({ view, keepRef, onClose, onDeleted }: Deletion & { view: SavedView; keepRef: RefObject<HTMLButtonElement | null> }) {
  const trpc = useTRPC();
  const known = useKnownViews(view.project);
  const deletion = useMutation(
    trpc.views.delete.mutationOptions({
      onSuccess: ({ id }) => {
        onClose();
        onDeleted();
        known.drop(id);
      },
    }),
  );
  return (
    <DialogWords>
      <p className="[overflow-wrap:anywhere]">
        <strong className="font-semibold">{view.name}</strong> is gone for everybody in this project, and links to it no longer work. The
        traces stay.
      </p>
      <DialogActions failure={deletion.error}>
        <Button ref={keepRef} onClick={onClose}>
          Keep it
        </Button>
        <Button tone="danger" disabled={deletion.isPending} onClick={() => deletion.mutate({ id: view.id })}>
          Delete the view
        </Button>
      </DialogActions>
    </DialogWords>
  );
}
