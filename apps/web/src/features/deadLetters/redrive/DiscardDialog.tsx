"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../../components/ui/form/Button.tsx";
import { ConfirmField } from "../../../components/ui/form/ConfirmField.tsx";
import { DialogActions, DialogForm } from "../../../components/ui/form/DialogForm.tsx";
import { FormFailure } from "../../../components/ui/form/FormFailure.tsx";
import { ReasonField } from "../../../components/ui/form/ReasonForm.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { Skeleton } from "../../../components/ui/state/Skeleton.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";
import { lettersText, Obstructions } from "./Forecast.tsx";
import type { Selection } from "./RedriveDialog.tsx";

/** Discards dead letters for good, after a dry run and with a reason. */
export function DiscardDialog({ project, selection, onClose }: { project: string; selection: Selection | null; onClose: () => void }) {
  const reasonRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog open={selection !== null} onOpenChange={(isOpen) => !isOpen && onClose()} title="Discard" isSticky initialFocus={reasonRef}>
      {selection !== null && <DiscardForm project={project} selection={selection} reasonRef={reasonRef} onClose={onClose} />}
    </Dialog>
  );
}

function DiscardForm({
  project,
  selection,
  reasonRef,
  onClose,
}: {
  project: string;
  selection: Selection;
  reasonRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const forecast = useQuery(trpc.deadLetters.discardDryRun.queryOptions({ project, selection }, { staleTime: 0 }));
  const discard = useMutation(trpc.deadLetters.discard.mutationOptions(useRefresh(trpc.deadLetters.pathKey(), onClose)));
  const count = forecast.data?.discarded ?? 0;
  const isReady =
    forecast.isSuccess &&
    !forecast.isFetching &&
    count > 0 &&
    reason.trim() !== "" &&
    (count === 1 || typed.trim() === String(count)) &&
    !discard.isPending;
  return (
    <DialogForm
      onSubmit={() => {
        if (isReady) discard.mutate({ project, selection, reason: reason.trim(), confirmation: typed.trim() });
      }}
    >
      <section aria-label="Dry run" aria-live="polite" className="flex flex-col gap-1 rounded-md bg-sunken px-3 py-2.5 text-sm">
        <h3 className="text-xs font-semibold text-faint">Dry run: nothing is changed yet</h3>
        {forecast.isPending && <Skeleton className="my-1 w-2/3" />}
        {forecast.isError && <FormFailure error={forecast.error} />}
        {forecast.data !== undefined && (
          <>
            <p className="font-medium">{lettersText(count)} would be given up for good. They stay on record, and cannot be redriven.</p>
            <Obstructions obstructed={forecast.data.obstructed} />
          </>
        )}
      </section>
      <ReasonField reasonRef={reasonRef} reason={reason} onReason={setReason} />
      {count > 1 && <ConfirmField count={count} typed={typed} onTyped={setTyped} />}
      <DialogActions failure={discard.error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="danger" disabled={!isReady}>
          Discard {lettersText(count)}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
