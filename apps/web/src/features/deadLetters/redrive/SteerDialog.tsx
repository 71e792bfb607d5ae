"use client";
import type { RouterOutputs } from "@signalbox/api/client";
import { useMutation } from "@tanstack/react-query";
import { type RefObject, useRef } from "react";
import { ReasonForm } from "../../../components/ui/form/ReasonForm.tsx";
import { Dialog } from "../../../components/ui/overlay/Dialog.tsx";
import { useTRPC } from "../../../trpc/TrpcProvider.tsx";
import { useRefresh } from "../../../trpc/useRefresh.ts";

export type Redrive = RouterOutputs["deadLetters"]["redrives"][number];

/** The possible actions on a redrive under way. */
export const STEERS = {
  pause: {
    label: "Pause",
    title: "Pause this redrive",
    says: "What is back in line stays there; nothing more follows until it is resumed.",
  },
  resume: { label: "Resume", title: "Resume this redrive", says: "It goes on with the letters that have not had their turn." },
  cancel: {
    label: "Cancel redrive",
    title: "Cancel this redrive",
    says: "Letters that have not had their turn are open again. What is back in line stays there. This cannot be undone.",
  },
} as const;
export type Steer = keyof typeof STEERS;

/** Pauses, resumes or cancels a redrive, with a reason. */
export function SteerDialog({
  project,
  redrive,
  steer,
  onClose,
}: {
  project: string;
  redrive: Redrive;
  steer: Steer | null;
  onClose: () => void;
}) {
  const reasonRef = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={steer !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title={steer === null ? "Redrive" : STEERS[steer].title}
      initialFocus={reasonRef}
    >
      {steer !== null && <SteerForm project={project} redrive={redrive} steer={steer} reasonRef={reasonRef} onClose={onClose} />}
    </Dialog>
  );
}

function SteerForm({
  project,
  redrive: { id },
  steer,
  reasonRef,
  onClose,
}: {
  project: string;
  redrive: Redrive;
  steer: Steer;
  reasonRef: RefObject<HTMLInputElement | null>;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const act = useMutation(trpc.deadLetters[steer].mutationOptions(useRefresh(trpc.deadLetters.pathKey(), onClose)));
  const { label, says } = STEERS[steer];
  return (
    <ReasonForm
      label={label}
      tone={steer === "cancel" ? "danger" : "primary"}
      cancelLabel={steer === "cancel" ? "Keep it" : "Cancel"}
      act={act}
      reasonRef={reasonRef}
      onReason={(reason) => act.mutate({ project, id, reason })}
      onClose={onClose}
    >
      {says}
    </ReasonForm>
  );
}
