"use client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/Button.tsx";
import { Dialog } from "../../components/ui/Dialog.tsx";
import { DialogActions, DialogForm } from "../../components/ui/DialogForm.tsx";
import { Field } from "../../components/ui/Field.tsx";
import { Input } from "../../components/ui/Input.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";

/** Cancels a running replay, after confirmation and with a reason. */
export function CancelReplay({ project, id }: { project: string; id: string }) {
  const [isAsking, setIsAsking] = useState(false);
  const reasonRef = useRef<HTMLInputElement>(null);
  const close = () => setIsAsking(false);
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>Call it off</Button>
      <Dialog open={isAsking} onOpenChange={setIsAsking} title="Call this replay off" initialFocus={reasonRef}>
        {isAsking && <CancelForm project={project} id={id} reasonRef={reasonRef} onClose={close} />}
      </Dialog>
    </>
  );
}

function CancelForm({
  project,
  id,
  reasonRef,
  onClose,
}: {
  project: string;
  id: string;
  reasonRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const [reason, setReason] = useState("");
  const cancel = useMutation(trpc.replays.cancel.mutationOptions(useRefresh(trpc.replays.pathKey(), onClose)));
  return (
    <DialogForm
      onSubmit={() => {
        if (reason.trim() !== "") cancel.mutate({ project, id, reason: reason.trim() });
      }}
    >
      <p>
        It stops within a second or two, and a model that is being asked is given up. What models took until then is spent, and there will
        be no report.
      </p>
      <Field label="Why" hint="It stays on record with your name.">
        <Input ref={reasonRef} value={reason} onValueChange={setReason} maxLength={1_000} autoComplete="off" />
      </Field>
      <DialogActions failure={cancel.error}>
        <Button onClick={onClose}>Let it go on</Button>
        <Button type="submit" tone="danger" disabled={reason.trim() === "" || cancel.isPending}>
          Call it off
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
