"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { Button } from "../../components/ui/Button.tsx";
import { Dialog } from "../../components/ui/Dialog.tsx";
import { DialogActions, DialogForm } from "../../components/ui/DialogForm.tsx";
import { Field } from "../../components/ui/Field.tsx";
import { Input } from "../../components/ui/Input.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";

/** An act on a queue: that of a project, or of all projects (null). */
export type QueueAct = { act: "pause" | "resume"; project: string | null };

const WORDS = {
  pause: {
    title: "Pause the queue",
    label: "Pause",
    says: "What workers have in hand goes on to its end; everything else waits, until somebody lets it go on.",
  },
  resume: { title: "Let the queue go on", label: "Resume", says: "What waits is started again, in its order." },
} as const;

/** Pauses or resumes a queue, with a reason. */
export function QueueDialog({ asked, onClose }: { asked: QueueAct | null; onClose: () => void }) {
  const reasonRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={asked !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={asked === null ? "Queue" : WORDS[asked.act].title}
      initialFocus={reasonRef}
    >
      {asked !== null && <QueueForm asked={asked} reasonRef={reasonRef} onClose={onClose} />}
    </Dialog>
  );
}

function QueueForm({
  asked: { act, project },
  reasonRef,
  onClose,
}: {
  asked: QueueAct;
  reasonRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [reason, setReason] = useState("");
  const onSuccess = async (): Promise<void> => {
    await queryClient.invalidateQueries({ queryKey: trpc.queue.pathKey() });
    onClose();
  };
  const pause = useMutation(trpc.queue.pause.mutationOptions({ onSuccess }));
  const resume = useMutation(trpc.queue.resume.mutationOptions({ onSuccess }));
  const { mutate, error, isPending } = act === "pause" ? pause : resume;
  const { label, says } = WORDS[act];
  return (
    <DialogForm
      onSubmit={() => {
        if (reason.trim() !== "") mutate({ project, reason: reason.trim() });
      }}
    >
      <p>
        {project === null ? "Of all projects." : `Of project ${project}.`} {says}
      </p>
      <Field label="Why" hint="It stays on record with your name.">
        <Input ref={reasonRef} value={reason} onValueChange={setReason} maxLength={1_000} autoComplete="off" />
      </Field>
      <DialogActions failure={error}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" disabled={reason.trim() === "" || isPending}>
          {label}
        </Button>
      </DialogActions>
    </DialogForm>
  );
}
