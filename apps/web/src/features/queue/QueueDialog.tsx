"use client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef } from "react";
import { ReasonForm } from "../../components/ui/form/ReasonForm.tsx";
import { Dialog } from "../../components/ui/overlay/Dialog.tsx";
import { useTRPC } from "../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../trpc/useRefresh.ts";

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
  const refresh = useRefresh(trpc.queue.pathKey(), onClose);
  const pause = useMutation(trpc.queue.pause.mutationOptions(refresh));
  const resume = useMutation(trpc.queue.resume.mutationOptions(refresh));
  const steer = act === "pause" ? pause : resume;
  const { label, says } = WORDS[act];
  return (
    <ReasonForm label={label} act={steer} reasonRef={reasonRef} onReason={(reason) => steer.mutate({ project, reason })} onClose={onClose}>
      {project === null ? "Of all projects." : `Of project ${project}.`} {says}
    </ReasonForm>
  );
}
