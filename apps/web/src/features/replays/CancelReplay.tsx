"use client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/form/Button.tsx";
import { ReasonForm } from "../../components/ui/form/ReasonForm.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { formatCount } from "../../format/amounts.ts";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";

/** Cancels a replay that has not ended, or what is left of a batch (`left` replays), after a question and with a reason. */
export function CancelReplay({ project, id, left }: { project: string; id: string; left?: number }) {
  const [isAsking, setIsAsking] = useState(false);
  const reasonRef = useRef<HTMLInputElement>(null);
  const close = () => setIsAsking(false);
  const label = left === undefined ? "Cancel replay" : "Cancel replays";
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>{label}</Button>
      <Dialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title={left === undefined ? "Cancel this replay" : "Cancel these replays"}
        initialFocus={reasonRef}
      >
        {isAsking && <CancelForm project={project} id={id} left={left} label={label} reasonRef={reasonRef} onClose={close} />}
      </Dialog>
    </>
  );
}

function CancelForm({
  project,
  id,
  left,
  label,
  reasonRef,
  onClose,
}: {
  project: string;
  id: string;
  left: number | undefined;
  label: string;
  reasonRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const cancel = useMutation(trpc.replays.cancel.mutationOptions(useRefresh(trpc.replays.pathKey(), onClose)));
  return (
    <ReasonForm
      label={label}
      tone="danger"
      cancelLabel={left === undefined ? "Let it go on" : "Let them go on"}
      act={cancel}
      reasonRef={reasonRef}
      onReason={(reason) => cancel.mutate({ project, id, reason })}
      onClose={onClose}
    >
      {left === undefined
        ? "It stops within a second or two, and a model that is being asked is given up. What models took until then is spent, and there will be no report."
        : `${formatCount(left)} ${left === 1 ? "replay has" : "replays have"} not ended. What they would have come to stays unknown; those that have ended stay.`}
    </ReasonForm>
  );
}
